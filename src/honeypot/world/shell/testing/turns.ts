/** How long anybody holds up the event loop. */

/** The most processor time between two turns of the event loop, in milliseconds: what others do here counts less. */
export function watchTurns(): { stop(): number } {
  let last = process.cpuUsage();
  let most = 0;
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    most = Math.max(most, (user + system) / 1000);
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

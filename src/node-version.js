/**
 * Fails clearly on a Node that cannot run Waterguard. Kept free of newer syntax and imports, so that an old
 * Node gets as far as the message; imported first by `bin.ts` and run by `npm test`.
 */
const needed = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < needed) {
  process.stderr.write(
    `waterguard needs Node ${needed} or newer, but this is Node ${process.versions.node} (${process.execPath}).\n` +
      "In a checkout, run it through './waterguard' or the npm scripts after 'npm ci'; the pinned Node comes from an\n" +
      "install script, so 'npm ci --ignore-scripts' leaves it out.\n",
  );
  process.exit(2);
}

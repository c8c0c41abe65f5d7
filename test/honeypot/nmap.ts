/** What nmap's service detection says of a port: product, version and the rest of the line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Takes minutes where a service is silent to what it does not know.
 * @param port on 127.0.0.1
 * @param process whose network it is in; this one's by default
 */
export async function serviceSeenByNmap(port: number, process?: number): Promise<string> {
  const nmap = ['nmap', '-sV', '-Pn', '-p', String(port), '127.0.0.1'];
  const inside = process === undefined ? [] : ['nsenter', `--net=/proc/${process}/ns/net`];
  const [program = '', ...args] = [...inside, ...nmap];
  const { stdout } = await execute(program, args);
  return /\d+\/tcp\s+(.*)/.exec(stdout)?.[1] ?? stdout;
}

/** A process that attacks: it is told the decoys' ports, and tells how many attacks and connections it made. */
import { subscribe } from 'node:diagnostics_channel';
import { attackAll } from './attacks.ts';

let connections = 0;
subscribe('net.client.socket', () => {
  connections += 1;
});
const ports = new Map(Object.entries(JSON.parse(process.argv[2]!) as Record<string, number>));
const attacks = await attackAll(ports);
process.stdout.write(`attacks ${attacks} connections ${connections}\n`);
process.exit();

/** Two ends of a socket of the kernel, as a decoy gets them: what Node does for streams in memory it does otherwise. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Of Linux's abstract names, which are no files. */
const name = `\0waterguard-fuzz-${process.pid}`;

let listening: Promise<Server> | undefined;
/** Who connected first is accepted first. */
const expecting: ((accepted: Socket) => void)[] = [];

export async function socketPair(): Promise<[ours: Socket, theirs: Socket]> {
  listening ??= listen();
  await listening;
  const theirs = new Promise<Socket>((resolve) => expecting.push(resolve));
  const ours = connect({ path: name });
  return [ours, await theirs];
}

function listen(): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (accepted) => expecting.shift()?.(accepted));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: name, backlog: 1024 }, () => resolve(server.unref()));
  });
}

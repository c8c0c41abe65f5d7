/** Sends what happens to a client that listens, until it has gone or does not read. */
import type { AnswerStream } from '../../http/serve.ts';

/** Pieces that wait for a client. */
const mostWaiting = 200;

/** @param over is called once nobody listens any more */
export function follower(stream: AnswerStream, over: () => void): (piece: string | Buffer) => void {
  let waiting = 0;
  return (piece) => {
    waiting += 1;
    if (waiting > mostWaiting) {
      over();
      return;
    }
    void stream.write(piece).then((isHeard) => {
      waiting -= 1;
      if (!isHeard) over();
    });
  };
}

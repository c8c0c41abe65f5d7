/**
 * Node cuts small buffers from pieces of 64 KiB, and a buffer that is kept keeps its whole piece: 45 KB for each shell over
 * SSH, 64 KB for each small value that a visitor left (Node 24.21, November 2026). Decoys keep many small ones.
 */
const pieceSize = 1024;

/** For the whole process; what is larger than half a piece gets a block of its own, as always. */
export function cutSmallBuffersFine(): void {
  Buffer.poolSize = pieceSize;
}

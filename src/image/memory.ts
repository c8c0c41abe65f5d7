/**
 * Memory given back at once. Large buffers that are left to the garbage collector make it run again and again
 * for a handful of objects, and keep the peak of a scan high in between.
 */

/** Frees what lies behind a view that nobody uses any more, if the view is all of it. The view is empty afterwards. */
export function letGo(view: NodeJS.ArrayBufferView): void {
  const { buffer, byteOffset, byteLength } = view;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength)
    buffer.transfer(0);
}

/** Moves a column to its larger successor. @returns `to` */
export function moved<Kind extends NodeJS.ArrayBufferView & { set(from: Kind): void }>(
  from: Kind,
  to: Kind,
): Kind {
  to.set(from);
  letGo(from);
  return to;
}

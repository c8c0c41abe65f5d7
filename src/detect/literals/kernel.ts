/** `kernel.wat`, assembled by `npm run kernel`. A test holds the two together. */

export interface Kernel {
  /** See `kernel.wat`; addresses in bytes. @returns where it stopped */
  search(from: number, fresh: number, at: number, to: number, hits: number, full: number): number;
  end(): number;
}

/** @param seen address of the bytes that say which literals are not wanted again */
export function kernel(memory: WebAssembly.Memory, seen: number): Kernel {
  compiled ??= new WebAssembly.Module(Buffer.from(assembled.join(''), 'base64'));
  return new WebAssembly.Instance(compiled, { search: { memory, seen } }).exports as Kernel;
}
let compiled: WebAssembly.Module | undefined;

const assembled = [
  'AGFzbQEAAAABHgVgAX8Bf2ACf38Bf2ABfwBgBn9/f39/fwF/YAABfwIhAgZzZWFyY2gGbWVtb3J5AgABBnNlYXJjaARzZWVuA38AAwcGAAAB',
  'AgMEBiEGfwBBAAt/AEGAgAgLfwFBAAt/AUEAC38BQQALfwFBAAsHEAIGc2VhcmNoAAQDZW5kAAUKjQQGDgAgAEGx893xeWxBDHYLGgEBfyAA',
  'EAAhASABQQN2Qfz/B3EoAgAgAXYLbwEDfyABIAAoAgRqIQQgASMDSQRAQQAPCyAEIwRNBEBBAA8LIAQjBUsEQEEADwsgACgCDCECA0BCACAB',
  'IANqKQAAIAAgA2opAxiFIAAgAmogA2opAxiDUgRAQQAPCyADQQhqIQMgAyACSQ0AC0EBC6IBAQZ/IAAoAABBoMCAgQJyIQEjAiABEABBB3ZB',
  'AnRqIQIgAigCBCEDIAIoAgAhAgJAA0AgAiADTw0BIAIoAgAgAUYEQCACKAIEIQQgBCgCCCEFIAAgBCgCAGshBiMAIAVqLQAARQRAIAQgBhAC',
  'BEAjACAFaiAEKAIQOgAAIwYgBTYCACMGIAYjA2s2AgQjBkEIaiQGCwsLIAJBCGohAgwACwsLxwECAX4FfyAAJAMgASQEIAMkBSAEJAYgA0ED',
  'ayEHA0AgAiAHSgRAIAIPCyACKQAAQqDAgIGChIiQIIQhBiAGpxABIQggBkIQiKcQASEJIAZCIIinEAEhCiACKAAGQaDAgIECchABIQtBASAI',
  'IAlyIAogC3JycQRAIwYgBU8EQCACDwsgCEEBcQRAIAIQAwsgCUEBcQRAIAJBAmoQAwsgCkEBcQRAIAJBBGoQAwsgC0EBcQRAIAJBBmoQAwsL',
  'IAJBCGohAgwACwALBAAjBgs=',
];

/**
 * The part of package.json that the program reads. Only the build uses this file: package.json itself lies above
 * `src` and would move everything in `dist` one folder down.
 */
declare module '*/package.json' {
  const manifest: { readonly version: string; readonly description: string };
  export default manifest;
}

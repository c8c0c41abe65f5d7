/** What Python's `mimetypes` takes files for by the end of their name: those that notebooks keep, and that visitors bring. */
const types: Readonly<Record<string, string>> = {
  bin: 'application/octet-stream',
  c: 'text/x-csrc',
  css: 'text/css',
  csv: 'text/csv',
  deb: 'application/vnd.debian.binary-package',
  exe: 'application/x-msdos-program',
  gif: 'image/gif',
  h: 'text/x-chdr',
  htm: 'text/html',
  html: 'text/html',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  pl: 'text/x-perl',
  png: 'image/png',
  py: 'text/x-python',
  rb: 'application/x-ruby',
  sh: 'text/x-sh',
  so: 'application/octet-stream',
  sql: 'application/sql',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tgz: 'application/x-tar',
  txt: 'text/plain',
  xml: 'application/xml',
  zip: 'application/zip',
};

export function mimeTypeOf(name: string): string | undefined {
  const end = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(types, end) ? types[end] : undefined;
}

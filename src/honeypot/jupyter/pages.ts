/** Jupyter's pages, filled in for one server. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { shippedDecoys } from '../../package.ts';
import type { Server } from './server.ts';

const names = ['error', 'tree', 'terminal', 'notebook', 'edit'] as const;
type Name = (typeof names)[number];

/** Read before there are visitors: by then the process may not read them any more. */
const templates = new Map<Name, string>(
  names.map((name) => [name, readFileSync(`${shippedDecoys}/jupyter/${name}.html`, 'utf8')]),
);
export const favicon = gunzipSync(readFileSync(`${shippedDecoys}/jupyter/favicon.ico.gz`));

function fill(name: Name, { startedAt }: Server, values: Readonly<Record<string, string>>): string {
  const version = new Date(startedAt).toISOString().replace(/\D/g, '').slice(0, 14);
  return templates
    .get(name)!
    .replace(/\{\{(\w+)\}\}/g, (whole, word: string) =>
      word === 'version' ? version : (values[word] ?? whole),
    );
}

export function errorPage(server: Server, status: number, words: string, message: string): string {
  const head = `    <h1>${status} : ${words}</h1>\n    \n    \n`;
  const detail =
    status === 404
      ? '<p>You are requesting a page that does not exist!</p>\n\n'
      : message === ''
        ? '    \n    \n'
        : `    \n    <p>The error was:</p>\n    <div class="traceback-wrapper">\n    <pre class="traceback">${escaped(message)}</pre>\n    </div>\n    \n    \n`;
  return fill('error', server, { error: head + detail });
}

/** The list of a directory. @param path relative to the server's root, without slashes around it */
export function treePage(server: Server, path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  const crumbs = names.map((name, at) => {
    const link = names
      .slice(0, at + 1)
      .map(encodeURIComponent)
      .join('/');
    return `                \n                  <li><a href="/tree/${link}">${escaped(name)}</a></li>\n`;
  });
  const title =
    names.length === 0 ? 'Home Page - Select or create a notebook' : `${names.slice(-2).join('/')}/`;
  return fill('tree', server, {
    title: escaped(title),
    path: names.map(encodeURIComponent).join('/'),
    root: escaped(server.root),
    crumbs: crumbs.join(''),
  });
}

export function terminalPage(server: Server, name: string): string {
  return fill('terminal', server, { name: escaped(name) });
}

export function notebookPage(server: Server, path: string): string {
  return fill('notebook', server, {
    name: encodeURIComponent(path.slice(path.lastIndexOf('/') + 1)),
    path: path.split('/').map(encodeURIComponent).join('/'),
    platform: `Linux-${server.world.persona.kernel.release}-x86_64-with-glibc2.36`,
  });
}

export function editPage(server: Server, path: string): string {
  return fill('edit', server, {
    name: escaped(path.slice(path.lastIndexOf('/') + 1)),
    path: path.split('/').map(encodeURIComponent).join('/'),
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) =>
    one === '&' ? '&amp;' : one === '<' ? '&lt;' : one === '>' ? '&gt;' : `&#${one.charCodeAt(0)};`,
  );
}

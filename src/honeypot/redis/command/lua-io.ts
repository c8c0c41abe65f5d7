/**
 * What `package.loadlib` gives to those who should not have it: `luaopen_io` and `luaopen_os` of the system's library of
 * Lua. Commands run in the world, files are read there.
 */

import type { Ran } from '../../run-line.ts';
import { FileError } from '../../world/files/node.ts';
import { LuaTable, type LuaValue, numberIn, textOf } from '../lua/values.ts';
import type { Server } from '../server.ts';

/** @param report is told of each command that was run */
export function openLibrary(server: Server, report: (ran: Ran) => void): LuaTable {
  const runs = async (line: string): Promise<Ran> => {
    const ran = await server.runs(Buffer.from(line, 'latin1').toString('utf8'));
    report(ran);
    return ran;
  };
  const io = LuaTable.library({
    popen: async (line) => [openFile((await runs(textOf(line))).output.toString('latin1'))],
    open: (path, mode) => {
      try {
        if (/^r/.test(textOf(mode ?? 'r'))) return [openFile(server.read(textOf(path)).toString('latin1'))];
        server.files.write(textOf(path), new Uint8Array());
        return [
          openFile('', (text) =>
            server.files.write(textOf(path), Buffer.from(text, 'latin1'), { append: true }),
          ),
        ];
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return [undefined, `${textOf(path)}: ${error.message}`, 2];
      }
    },
  });
  const os = LuaTable.library({
    execute: async (line) => [(await runs(textOf(line))).exitCode * 256],
    getenv: () => [undefined],
    time: () => [Math.floor(Date.now() / 1000)],
    clock: () => [Math.round(process.uptime() * 100) / 100],
  });
  const openers: Readonly<Record<string, LuaTable>> = { luaopen_io: io, luaopen_os: os };
  return LuaTable.library({
    path: '/usr/share/lua/5.1/?.lua;/usr/local/share/lua/5.1/?.lua;./?.lua',
    cpath: '/usr/lib/x86_64-linux-gnu/lua/5.1/?.so;./?.so',
    config: '/\n;\n?\n!\n-\n',
    loadlib: (path, name) => {
      const opener = openers[textOf(name)];
      if (opener !== undefined) return [() => [opener]];
      return [undefined, `${textOf(path)}: undefined symbol: ${textOf(name)}`, 'init'];
    },
  });
}

function openFile(content: string, append?: (text: string) => void): LuaTable {
  let at = 0;
  const line = (): LuaValue => {
    if (at >= content.length) return undefined;
    const feed = content.indexOf('\n', at);
    const text = content.slice(at, feed < 0 ? content.length : feed);
    at = feed < 0 ? content.length : feed + 1;
    return text;
  };
  const file: LuaTable = new LuaTable([], { typeName: 'userdata' });
  file.set('read', (_, format) => {
    const wanted = numberIn(format);
    if (
      wanted === undefined &&
      !textOf(format ?? '*l')
        .replace('*', '')
        .startsWith('a')
    )
      return [line()];
    const rest = content.slice(at, wanted === undefined ? content.length : at + wanted);
    at += rest.length;
    return [rest === '' && wanted !== undefined ? undefined : rest];
  });
  file.set('lines', () => [() => [line()]]);
  file.set('write', (_, ...texts) => {
    append?.(texts.map(textOf).join(''));
    return [true];
  });
  file.set('flush', () => [true]);
  file.set('close', () => [true]);
  return file;
}

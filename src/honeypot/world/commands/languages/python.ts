/**
 * python runs programs by an interpreter of its own, and what that does not understand is looked at for what can be seen
 * without; perl has its one-liners that print, start something or edit text. The rest is silence.
 */
import { later } from '../../../later.ts';
import type { Run } from '../../program.ts';
import { transfer } from '../network/transfer.ts';
import { parseAddress } from '../network/url.ts';
import { openInput, readAll } from '../streams.ts';
import { contentOfText, Fault, fault, latin, shortNameOf, type Tool, textOfContent } from '../tool.ts';
import type { Source } from './python/program.ts';

/** Longest program that is looked at, in characters. */
const longest = 1 << 16;

const interpreter = later(() => import('./python/program.ts'));

export const python: Tool = async (run) => {
  const rest = run.args.slice(1);
  const isTwo =
    /python2/.test(shortNameOf(run)) || (shortNameOf(run) === 'python' && run.world.system === 'redhat');
  const version = isTwo ? '2.7.5' : '3.11.2';
  while (rest[0]?.startsWith('-') && rest[0] !== '-') {
    const arg = rest.shift()!;
    if (/^(-V|--version|-VV)$/.test(arg)) {
      await (isTwo ? run.stderr : run.stdout).write(`Python ${version}\n`);
      return 0;
    }
    if (/^-\w*c$/.test(arg)) {
      const program = rest.shift();
      if (program === undefined)
        throw new Fault(
          `Argument expected for the -c option\nusage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry \`python -h' for more information.\n`,
          2,
        );
      return interpret(run, { text: program, file: '<string>', argv: ['-c', ...rest] }, isTwo);
    }
    if (arg === '-m') return module(run, rest);
    if (/^-[WX]$/.test(arg)) rest.shift();
  }
  const [path] = rest;
  if (path === undefined || path === '-') {
    if (run.stdin.isTerminal) return prompt(run, version);
    const text = (await readAll(run, run.stdin)).toString('utf8');
    return interpret(run, { text, file: '<stdin>', argv: ['-', ...rest.slice(1)] }, isTwo);
  }
  if (!run.files.exists(path))
    throw new Fault(
      `${shortNameOf(run)}: can't open file '${path.startsWith('/') ? path : `${run.files.cwd}/${path}`}': [Errno 2] No such file or directory\n`,
      2,
    );
  const text = (await readAll(run, openInput(run, path))).toString('utf8');
  return interpret(run, { text, file: path, argv: rest }, isTwo);
};

async function prompt(run: Run, version: string): Promise<number> {
  await run.stdout.write(
    `Python ${version} (main, Apr 28 2025, 14:11:48) [GCC 12.2.0] on linux\nType "help", "copyright", "credits" or "license" for more information.\n`,
  );
  for (;;) {
    await run.stdout.write('>>> ');
    const part = await run.stdin.read();
    if (part === undefined) return 0;
    const line = latin(part);
    if (/^\s*(exit|quit)\(\)/.test(line) || line.includes('\x04')) return 0;
    await glimpse(run, line, []);
  }
}

async function module(run: Run, [name = '', ...rest]: readonly string[]): Promise<number> {
  if (name === 'pip') return run.exec(['pip3', ...rest]);
  if (name === 'http.server' || name === 'SimpleHTTPServer') {
    await run.stdout.write(
      `Serving HTTP on 0.0.0.0 port ${rest[0] ?? 8000} (http://0.0.0.0:${rest[0] ?? 8000}/) ...\n`,
    );
    for (;;) await run.sleep(60_000);
  }
  if (name === 'json.tool') {
    const text = latin(await readAll(run, rest[0] === undefined ? run.stdin : openInput(run, rest[0])));
    try {
      await run.stdout.write(`${JSON.stringify(JSON.parse(textOfContent(text)), undefined, 4)}\n`);
      return 0;
    } catch {
      await run.stderr.write('Expecting value: line 1 column 1 (char 0)\n');
      return 1;
    }
  }
  if (/^(venv|compileall|ensurepip|site|platform)$/.test(name)) return 0;
  throw new Fault(`/usr/bin/${shortNameOf(run)}: No module named ${name}\n`, 1);
}

const quoted = `("(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*')`;

/** Runs it; what is not understood, and Python 2, is looked at for what can be seen without. */
async function interpret(run: Run, source: Source, isTwo: boolean): Promise<number> {
  const known = isTwo
    ? undefined
    : await (await interpreter()).runProgram(run, { ...source, text: source.text.slice(0, longest) });
  return known ?? glimpse(run, contentOfText(source.text), source.argv);
}

/** What a program would have done that can be seen without running it: prints, shell commands, requests, connections. */
async function glimpse(run: Run, program: string, args: readonly string[]): Promise<number> {
  const source = program.slice(0, longest);
  await run.work(1 + (source.length >> 6));
  noteConnections(run, source);
  const statement = new RegExp(
    `(?:^|[;\\n:(=,]|\\bin\\b)\\s*(?:(print)\\s*\\(?\\s*(?:${quoted}|([\\d\\s.+*/%()-]+?)|(platform\\.machine\\(\\)|sys\\.version_info\\[0\\]|sys\\.version_info\\.major|os\\.getcwd\\(\\)|socket\\.gethostname\\(\\)))\\s*\\)?\\s*(?=[;\\n]|$)` +
      `|(os\\.system|os\\.popen|subprocess\\.(?:call|run|Popen|check_output|check_call|getoutput)|commands\\.getoutput|pty\\.spawn|os\\.exec\\w+)\\s*\\(\\s*(\\[?)\\s*${quoted}((?:\\s*,\\s*${quoted})*)` +
      `|(?:urllib\\.request\\.|urllib2?\\.|requests\\.|urllib\\.)?(urlopen|urlretrieve|get|post|wget\\.download)\\s*\\(\\s*${quoted}(?:\\s*,\\s*${quoted})?)`,
    'g',
  );
  let exitCode = 0;
  for (const match of source.matchAll(statement)) {
    const [, print, text, sum, value, shell, list, first, others = '', , fetch, url, saved] = match;
    if (print !== undefined) await run.stdout.write(`${printed(run, text, sum, value)}\n`);
    else if (shell !== undefined && first !== undefined) {
      const words = [
        unquoted(first),
        ...[...others.matchAll(new RegExp(quoted, 'g'))].map(([word]) => unquoted(word)),
      ];
      const command =
        list === '['
          ? words
          : shell.startsWith('pty') || shell.startsWith('os.exec')
            ? [words[0]!]
            : ['/bin/sh', '-c', words[0]!];
      const isShown = /os\.system|\.call|\.run|Popen|check_call|pty|exec/.test(shell);
      exitCode = await run.exec(
        command,
        isShown ? {} : { stdout: { isTerminal: false, write: () => Promise.resolve() } },
      );
    } else if (fetch !== undefined && url !== undefined)
      await request(run, unquoted(url), saved && unquoted(saved), source);
  }
  const failed = /\b(?:sys\.)?exit\((\d+)\)/.exec(source)?.[1];
  if (failed !== undefined) exitCode = Number(failed) & 255;
  else if (/^\s*import\s+(requests|paramiko|redis|docker|boto3|psutil)\b/m.test(source)) {
    const [, name = ''] = /^\s*import\s+(requests|paramiko|redis|docker|boto3|psutil)\b/m.exec(source) ?? [];
    await run.stderr.write(
      `Traceback (most recent call last):\n  File "${args[0] === '-c' ? '<string>' : args[0]}", line 1, in <module>\nModuleNotFoundError: No module named '${name}'\n`,
    );
    return 1;
  }
  return exitCode;
}

function printed(
  run: Run,
  text: string | undefined,
  sum: string | undefined,
  value: string | undefined,
): string {
  if (text !== undefined) return unquoted(text);
  if (sum !== undefined) return calculated(sum);
  if (value?.startsWith('platform')) return 'x86_64';
  if (value?.startsWith('os.getcwd')) return run.files.cwd;
  if (value?.startsWith('socket')) return run.world.hostname;
  return '3';
}

/** Sums and products of numbers without parentheses; everything else as it stands. */
function calculated(text: string): string {
  const tokens = text.replace(/\s+/g, '').match(/\d+(?:\.\d+)?|[-+*/%]/g) ?? [];
  if (tokens.length % 2 === 0 || text.includes('(')) return text.trim();
  const terms: number[] = [Number(tokens[0])];
  for (let at = 1; at < tokens.length; at += 2) {
    const number = Number(tokens[at + 1]);
    if (tokens[at] === '+') terms.push(number);
    else if (tokens[at] === '-') terms.push(-number);
    else
      terms.push(
        tokens[at] === '*'
          ? terms.pop()! * number
          : tokens[at] === '/'
            ? terms.pop()! / number
            : terms.pop()! % number,
      );
  }
  const total = terms.reduce((sum, term) => sum + term, 0);
  return Number.isNaN(total) ? text.trim() : `${total}`;
}

function unquoted(text: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };
  const inside = text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (_, escaped: string) =>
      escaped.length === 3
        ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
        : (known[escaped] ?? escaped),
    );
  return textOfContent(inside);
}

async function request(run: Run, url: string, saved: string | undefined, source: string): Promise<void> {
  const address = parseAddress(url);
  if (address === undefined || !/^(https?|ftp)$/.test(address.scheme)) return;
  const answer = await transfer(run, {
    tool: 'python',
    address,
    method: 'GET',
    headers: {},
    ...(saved !== undefined && { savedAs: saved }),
  });
  if (answer.kind !== 'answer') {
    await run.stderr.write(
      `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nurllib.error.URLError: <urlopen error [Errno 111] Connection refused>\n`,
    );
    return;
  }
  if (saved !== undefined) run.files.write(saved, answer.content);
  else if (/print/.test(source)) await run.stdout.write("b''\n");
}

/** `connect(("203.0.113.1", 4444))` of reverse shells: nobody answers. */
function noteConnections(run: Run, source: string): void {
  for (const [, host = '', port] of source.matchAll(
    /connect\w*\(\(?\s*["']([\w.-]{3,253})["']\s*,\s*(\d{1,5})/g,
  ))
    run.note({ kind: 'connect', tool: 'python', host, port: Number(port) });
}

export const perl: Tool = async (run) => {
  const rest = run.args.slice(1);
  let [program, prints, loops] = ['', false, false];
  while (rest[0]?.startsWith('-')) {
    const arg = rest.shift()!;
    if (arg === '-v' || arg === '--version') {
      await run.stdout.write(
        '\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64-linux-gnu-thread-multi\n(with 60 registered patches, see perl -V for more detail)\n\nCopyright 1987-2022, Larry Wall\n\nPerl may be copied only under the terms of either the Artistic License or the\nGNU General Public License, which may be found in the Perl 5 source kit.\n\nComplete documentation for Perl, including FAQ lists, should be found on\nthis system using "man perl" or "perldoc perl".  If you have access to the\nInternet, point your browser at https://www.perl.org/, the Perl Home Page.\n\n',
      );
      return 0;
    }
    if (/^-\w*[eE]$/.test(arg)) {
      program += `${rest.shift() ?? ''}\n`;
      prints ||= arg.includes('p');
      loops ||= /[np]/.test(arg);
    }
  }
  if (program === '') {
    const [path] = rest;
    if (path === undefined) program = run.stdin.isTerminal ? '' : latin(await readAll(run, run.stdin));
    else if (!run.files.exists(path))
      throw new Fault(`Can't open perl script "${path}": No such file or directory\n`, 2);
    else program = latin(await readAll(run, openInput(run, path)));
  }
  const source = program.slice(0, longest);
  await run.work(1 + (source.length >> 6));
  for (const [, host = ''] of source.matchAll(/PeerAddr\s*=>\s*["']([\w.:-]+)["']/g))
    run.note({ kind: 'connect', tool: 'perl', host: host.split(':')[0]! });
  if (loops) return stream(run, source, prints, rest);
  let exitCode = 0;
  for (const [, word, text, , command] of source.matchAll(
    /(?:^|[;{\n\s])(print|say)\s*\(?\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?:^|[;{\n\s])(system|exec)\s*\(?\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/g,
  )) {
    if (text !== undefined) await run.stdout.write(unquoted(text) + (word === 'say' ? '\n' : ''));
    else if (command !== undefined) exitCode = await run.exec(['/bin/sh', '-c', unquoted(command)]);
  }
  return exitCode;
};

/** `perl -pe 's/…/…/'` is what sed does. */
async function stream(run: Run, source: string, prints: boolean, paths: readonly string[]): Promise<number> {
  if (!/^\s*(s|y|tr)\W/.test(source)) {
    if (prints) return run.exec(['cat', ...paths]);
    throw fault(run, 'syntax error at -e line 1, near "', 255);
  }
  const script = source
    .trim()
    .replace(/;\s*$/, '')
    .replace(/\\d/g, '[0-9]')
    .replace(/\$(\d)/g, '\\$1');
  return run.exec(['sed', '-E', ...(prints ? [] : ['-n']), script, ...paths]);
}

/** Interpreters without anything of their own: what is noted is that they were started. */
export const silent: Tool = async (run) => {
  const { args } = run;
  if (args.some((arg) => /^(-v|-V|--version)$/.test(arg))) {
    const versions: Readonly<Record<string, string>> = {
      node: 'v20.18.1\n',
      ruby: 'ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]\n',
      php: 'PHP 8.2.28 (cli)\n',
      lua: 'Lua 5.4.4  Copyright (C) 1994-2022 Lua.org, PUC-Rio\n',
      java: 'openjdk 17.0.15 2025-04-15\n',
      go: 'go version go1.19.8 linux/amd64\n',
      gcc: 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.\nThis is free software; see the source for copying conditions.  There is NO\nwarranty; not even for MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.\n\n',
      make: 'GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu\nCopyright (C) 1988-2020 Free Software Foundation, Inc.\n',
    };
    await run.stdout.write(versions[shortNameOf(run).replace(/[-\d.]+$/, '')] ?? '');
  }
  return 0;
};

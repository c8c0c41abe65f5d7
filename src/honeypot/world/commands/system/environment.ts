/** env, printenv, which, whereis, and the programs that ask or tell the terminal. */
import { optionsOf } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { complain, fault, nameOf, type Tool } from '../tool.ts';

export const env: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: '0C:iS:u:v',
    long: {
      'ignore-environment': 'i',
      null: '0',
      'unset=': 'u',
      'chdir=': 'C',
      'split-string=': 'S',
      debug: 'v',
    },
    stopsEarly: true,
    misuse: 125,
  });
  const environment = new Map(options.has('i') ? [] : run.env);
  for (const name of options.values('u')) environment.delete(name);
  const words = [...options.values('S').flatMap((text) => text.split(/\s+/)), ...options.operands];
  if (words[0] === '-') {
    environment.clear();
    words.shift();
  }
  while (words[0]?.includes('=')) {
    const [name = '', ...value] = words.shift()!.split('=');
    environment.set(name, value.join('='));
  }
  if (words.length === 0) {
    const end = options.has('0') ? '\0' : '\n';
    await run.stdout.write([...environment].map(([name, value]) => `${name}=${value}${end}`).join(''));
    return 0;
  }
  const folder = options.value('C');
  const code = await run.exec(words, {
    env: environment,
    ...(folder !== undefined && { files: run.files.in(folder) }),
  });
  if (code !== 127) return code;
  await complain(
    run,
    flavour === 'gnu'
      ? `${quoteWord(run, words[0]!)}: No such file or directory`
      : `can't execute '${words[0]}': No such file or directory`,
  );
  return 127;
};

export const printenv: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: '0', long: { null: '0' }, misuse: 2 });
  const end = options.has('0') ? '\0' : '\n';
  if (options.operands.length === 0) {
    await run.stdout.write([...run.env].map(([name, value]) => `${name}=${value}${end}`).join(''));
    return 0;
  }
  let exitCode = 0;
  for (const name of options.operands) {
    const value = run.env.get(name);
    if (value === undefined) exitCode = 1;
    else await run.stdout.write(value + end);
  }
  return exitCode;
};

export const which: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'as' });
  if (options.operands.length === 0) return 1;
  let exitCode = 0;
  for (const name of options.operands) {
    const folders = name.includes('/')
      ? ['']
      : (run.env.get('PATH') ?? '/usr/bin:/bin').split(':').map((folder) => `${folder || '.'}/`);
    const found = folders
      .map((folder) => folder + name)
      .filter((path) => {
        const node = run.files.exists(path) ? run.files.stat(path) : undefined;
        return node?.kind === 'file' && run.files.allows(node, 1);
      });
    if (found.length === 0) exitCode = 1;
    else if (!options.has('s'))
      await run.stdout.write(
        (options.has('a') ? found : found.slice(0, 1)).map((path) => `${path}\n`).join(''),
      );
  }
  return exitCode;
};

export const whereis: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: 'bBmMsSuglf' });
  for (const name of operands) {
    const folders = ['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/local/bin', '/etc', '/usr/share'];
    const found = folders.map((folder) => `${folder}/${name}`).filter((path) => run.files.exists(path));
    await run.stdout.write(`${[`${name}:`, ...found].join(' ')}\n`);
  }
  return 0;
};

export const tty: Tool = async (run) => {
  if (!run.stdin.isTerminal) {
    if (!run.args.includes('-s')) await run.stdout.write('not a tty\n');
    return 1;
  }
  await run.stdout.write('/dev/pts/0\n');
  return 0;
};

export const stty: Tool = async (run) => {
  if (!run.stdin.isTerminal) throw fault(run, "'standard input': Inappropriate ioctl for device");
  const { rows = 24, columns = 80 } = run.terminal ?? {};
  if (run.args.includes('size')) await run.stdout.write(`${rows} ${columns}\n`);
  else if (run.args.includes('-g'))
    await run.stdout.write(
      '4500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0\n',
    );
  else if (run.args.length === 1) await run.stdout.write('speed 38400 baud; line = 0;\n-brkint -imaxbel\n');
  else if (run.args.includes('-a'))
    await run.stdout.write(
      `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;\nintr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;\n`,
    );
  return 0;
};

export const tput: Tool = async (run) => {
  const { rows = 24, columns = 80 } = run.terminal ?? {};
  if (!run.env.has('TERM')) throw fault(run, 'No value for $TERM and no -T specified', 2);
  const values: Readonly<Record<string, string>> = {
    cols: `${columns}\n`,
    lines: `${rows}\n`,
    colors: '256\n',
    clear: '\x1b[H\x1b[2J\x1b[3J',
    bold: '\x1b[1m',
    sgr0: '\x1b(B\x1b[m',
    cup: '\x1b[1;1H',
    civis: '\x1b[?25l',
    cnorm: '\x1b[34h\x1b[?25h',
  };
  const [name = '', number] = run.args.slice(1);
  if (name === 'setaf' || name === 'setab')
    await run.stdout.write(`\x1b[${name === 'setaf' ? 3 : 4}${Number(number) & 7}m`);
  else await run.stdout.write(values[name] ?? '');
  return 0;
};

export const clear: Tool = async (run) => {
  if (!run.env.has('TERM')) {
    await run.stderr.write('TERM environment variable not set.\n');
    return 1;
  }
  await run.stdout.write('\x1b[H\x1b[2J\x1b[3J');
  return 0;
};

export const reset: Tool = async (run) => {
  if (run.stdout.isTerminal) await run.stdout.write('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
  return 0;
};

export const locale: Tool = async (run) => {
  const language = run.env.get('LANG') ?? '';
  if (run.args[1] === '-a') await run.stdout.write('C\nC.utf8\nPOSIX\n');
  else {
    const rest =
      'CTYPE NUMERIC TIME COLLATE MONETARY MESSAGES PAPER NAME ADDRESS TELEPHONE MEASUREMENT IDENTIFICATION'.split(
        ' ',
      );
    await run.stdout.write(
      `LANG=${language}\nLANGUAGE=\n${rest.map((name) => `LC_${name}="${language || 'POSIX'}"\n`).join('')}LC_ALL=\n`,
    );
  }
  return 0;
};

/** An editor or pager without somebody at a terminal shows what it was given. */
export const pager: Tool = async (run) => {
  const paths = run.args.slice(1).filter((arg) => !/^[-+]/.test(arg));
  if (paths.length > 0) return run.exec(['cat', ...paths]);
  return run.exec(['cat']);
};

export const editor: Tool = async (run) => {
  const path = run.args.slice(1).find((arg) => !/^[-+]/.test(arg));
  if (!run.stdout.isTerminal) {
    if (/nano/.test(nameOf(run))) {
      await run.stderr.write('Standard input is not a terminal\n');
      return 1;
    }
    await run.stderr.write('Vim: Warning: Output is not to a terminal\n');
    return 1;
  }
  // What is typed into it is read until `:q`, and lost.
  const { rows = 24 } = run.terminal ?? {};
  const isThere = path !== undefined && run.files.exists(path);
  const text = isThere
    ? Buffer.from(run.files.read(path))
        .toString()
        .split('\n', rows - 2)
        .join('\r\n')
    : '';
  const name = path === undefined ? '' : `"${path}" ${isThere ? '' : '[New]'}`;
  await run.stdout.write(
    `\x1b[?1049h\x1b[H\x1b[2J${text}${'\r\n~'.repeat(Math.max(0, rows - 2 - text.split('\n').length))}\x1b[${rows};1H${name}\x1b[1;1H`,
  );
  let typed = '';
  for (;;) {
    const part = await run.stdin.read();
    if (part === undefined) break;
    typed = (typed + Buffer.from(part).toString('latin1')).slice(-64);
    if (/:(wq?|q)!?[\r\n]|ZZ|\x18/.test(typed)) break;
  }
  await run.stdout.write('\x1b[?1049l');
  return 0;
};

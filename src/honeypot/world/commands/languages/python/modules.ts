/** Modules as far as visitors use them: those that run commands, touch files, reach out, or tell about the machine. */
import { gunzipSync, inflateSync } from 'node:zlib';
import { capture, type Desk, exitStatus, functions, shell, system, wordsOf } from './desk.ts';
import { fileOf, files } from './files.ts';
import { jsonModule } from './json.ts';
import { requestsModule, socketModule, urllibModule } from './network.ts';
import { subprocessModule } from './subprocess.ts';
import { dictOf, listOf, namedTuple, Raised, textOf, thing, unknown, type Value } from './value.ts';

type Members = Record<string, Value>;

/** Importable, though nothing of them is known here. */
const silent = new Set(
  (
    'abc argparse array ast asyncio atexit bisect calendar code codecs collections collections.abc concurrent concurrent.futures configparser contextlib copy csv ctypes datetime decimal ' +
    'difflib email enum errno fcntl fileinput fnmatch ftplib functools gc glob gzip hashlib hmac html http http.client http.server importlib inspect io ipaddress IPython itertools ' +
    'linecache locale logging logging.handlers marshal math mimetypes multiprocessing numbers operator optparse pickle pkgutil posixpath pprint pty pwd queue random re resource select secrets ' +
    'selectors shlex shutil signal smtplib socketserver sqlite3 ssl stat statistics string struct subprocess tarfile telnetlib tempfile termios textwrap threading time timeit tkinter token traceback ' +
    'tty types typing unicodedata unittest urllib urllib.error urllib.parse uuid venv warnings weakref webbrowser xml xml.etree xml.etree.ElementTree zipfile zlib ' +
    'ipykernel ipywidgets jinja2 jupyter_client jupyter_core nbformat notebook packaging psutil requests setuptools six tornado traitlets yaml zmq'
  ).split(' '),
);

export function modulesOf(desk: Desk): (name: string) => Value | undefined {
  const made = new Map<string, Value>();
  const known: Record<string, () => Members> = {
    os: () => osModule(desk),
    'os.path': () => pathModule(desk),
    subprocess: () => subprocessModule(desk),
    sys: () => sysModule(desk),
    socket: () => socketModule(desk),
    platform: () => platformModule(desk),
    multiprocessing: () => functions({ cpu_count: () => BigInt(desk.machine.world.persona.machine.cores) }),
    getpass: () => functions({ getuser: () => desk.machine.user.name }),
    time: () =>
      functions({
        time: () => Date.now() / 1000,
        sleep: () => null,
        strftime: () => new Date().toUTCString(),
      }),
    base64: () => base64Module,
    binascii: () => functions({ unhexlify: ([text = '']) => Buffer.from(textOf(text), 'hex') }),
    zlib: () => functions({ decompress: ([bytes]) => inflated(bytes, inflateSync) }),
    gzip: () => functions({ decompress: ([bytes]) => inflated(bytes, gunzipSync) }),
    json: () => jsonModule,
    'urllib.request': () => urllibModule(desk),
    urllib: () => ({ request: module('urllib.request')! }),
    requests: () => requestsModule(desk),
    pty: () => functions({ spawn: async ([command]) => exitStatus(await system(desk, wordsOf(command))) }),
    shutil: () =>
      functions({
        which: async ([name = '']) =>
          (await capture(desk, `command -v ${quoted(textOf(name))}`)).trim() || null,
      }),
  };
  function module(name: string): Value | undefined {
    if (!Object.hasOwn(known, name) && !silent.has(name)) return undefined;
    let value = made.get(name);
    if (value === undefined) {
      const members = Object.hasOwn(known, name) ? known[name]!() : {};
      value = thing(
        'module',
        members,
        `<module '${name}' from '/usr/lib/python3.11/${name.replaceAll('.', '/')}.py'>`,
      );
      made.set(name, value);
    }
    return value;
  }
  return module;
}

function osModule(desk: Desk): Members {
  const { world, user } = desk.machine;
  return {
    ...functions({
      system: async ([line = '']) => exitStatus(await system(desk, shell(textOf(line)))) * 256n,
      popen: async ([line = '']) => fileOf((await desk.machine.run(shell(textOf(line)), desk)).output, false),
      execl: async ([path = '', , ...args]) =>
        exitStatus(await system(desk, [textOf(path), ...args.map(textOf)])),
      execv: async ([path = '', args]) =>
        exitStatus(await system(desk, [textOf(path), ...wordsOf(args).slice(1)])),
      getcwd: () => desk.cwd,
      chdir: ([path = '']) => {
        desk.cwd = files(desk, (view) => view.in(textOf(path)).cwd);
        return null;
      },
      listdir: ([path = '.']) =>
        listOf(files(desk, (view) => view.list(textOf(path)).map(({ name }) => name))),
      mkdir: ([path = '']) => {
        files(desk, (view) => view.mkdir(textOf(path)));
      },
      makedirs: async ([path = '']) => {
        await capture(desk, `mkdir -p ${quoted(textOf(path))}`);
      },
      remove: ([path = '']) => {
        files(desk, (view) => view.unlink(textOf(path)));
      },
      chmod: ([path = '', mode = 0o644n]) => {
        files(desk, (view) => view.change(textOf(path), { mode: Number(mode) & 0o7777 }));
      },
      getenv: ([name = '', other = null]) => desk.environment.get(textOf(name)) ?? other,
      getpid: () => BigInt(world.nextPid),
      getuid: () => BigInt(user.uid),
      geteuid: () => BigInt(user.uid),
      getlogin: () => user.name,
      cpu_count: () => BigInt(world.persona.machine.cores),
      uname: () =>
        namedTuple({
          sysname: 'Linux',
          nodename: world.hostname,
          release: world.persona.kernel.release,
          version: world.persona.kernel.version,
          machine: 'x86_64',
        }),
      fork: () => 0n,
      setsid: () => null,
    }),
    environ: dictOf(desk.environment),
    path: thing('module', pathModule(desk), "<module 'posixpath' (frozen)>"),
    name: 'posix',
    sep: '/',
  };
}

function pathModule(desk: Desk): Members {
  const node = (path: Value | undefined) => {
    const view = desk.machine.view(desk.cwd);
    return view.exists(textOf(path ?? '')) ? view.stat(textOf(path ?? '')) : undefined;
  };
  return functions({
    exists: ([path]) => node(path) !== undefined,
    isfile: ([path]) => node(path)?.kind === 'file',
    isdir: ([path]) => node(path)?.kind === 'directory',
    join: (parts) =>
      parts
        .map(textOf)
        .reduce((whole, part) => (part.startsWith('/') ? part : `${whole.replace(/\/$/, '')}/${part}`)),
    expanduser: ([path = '']) => textOf(path).replace(/^~/, desk.machine.user.home),
    basename: ([path = '']) => textOf(path).replace(/^.*\//, ''),
    dirname: ([path = '']) => textOf(path).replace(/\/?[^/]*$/, ''),
    abspath: ([path = '']) => (textOf(path).startsWith('/') ? textOf(path) : `${desk.cwd}/${textOf(path)}`),
  });
}

function sysModule(desk: Desk): Members {
  return {
    ...functions({ exit: ended, getdefaultencoding: () => 'utf-8' }),
    version: '3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]',
    executable: '/usr/bin/python3',
    platform: 'linux',
    argv: listOf(desk.argv),
    version_info: namedTuple({ major: 3n, minor: 11n, micro: 2n, releaselevel: 'final', serial: 0n }),
    path: listOf([
      desk.cwd,
      '/usr/lib/python311.zip',
      '/usr/lib/python3.11',
      '/usr/lib/python3/dist-packages',
    ]),
    maxsize: 9_223_372_036_854_775_807n,
    stdout: outStream(desk, 'stdout', 1n),
    stderr: outStream(desk, 'stderr', 2n),
    stdin: thing(
      'TextIOWrapper',
      functions({
        fileno: () => 0n,
        isatty: () => false,
        read: async () => (await desk.machine.read()).toString('utf8'),
        readlines: async () => listOf((await desk.machine.read()).toString('utf8').split(/(?<=\n)/)),
      }),
    ),
  };
}

/** `sys.exit`: by its message, a number is the exit code, a text is said. */
export function ended([status = null]: readonly Value[]): never {
  throw new Raised('SystemExit', status === null ? '0' : textOf(status));
}

function outStream(desk: Desk, name: 'stdout' | 'stderr', number: bigint): Value {
  const write = ([value = '']: readonly Value[]): Value => {
    const text = textOf(value);
    desk.write(name, text);
    return BigInt(text.length);
  };
  return thing('OutStream', functions({ write, flush: () => null, fileno: () => number }));
}

function platformModule(desk: Desk): Members {
  const { hostname, persona } = desk.machine.world;
  const release = persona.kernel.release;
  return functions({
    system: () => 'Linux',
    node: () => hostname,
    release: () => release,
    version: () => persona.kernel.version,
    machine: () => 'x86_64',
    processor: () => '',
    python_version: () => '3.11.2',
    platform: () => `Linux-${release}-x86_64-with-glibc2.36`,
    uname: () =>
      thing(
        'uname_result',
        { system: 'Linux', node: hostname, release, version: persona.kernel.version, machine: 'x86_64' },
        `uname_result(system='Linux', node='${hostname}', release='${release}', version='${persona.kernel.version}', machine='x86_64')`,
      ),
  });
}

const base64Module: Members = functions({
  b64decode: ([text = '']) => Buffer.from(textOfBytes(text), 'base64'),
  b64encode: ([bytes = '']) => Buffer.from(Buffer.from(textOfBytes(bytes), 'latin1').toString('base64')),
  b32decode: () => unknown,
  b16decode: ([text = '']) => Buffer.from(textOfBytes(text), 'hex'),
});

function textOfBytes(value: Value): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : textOf(value);
}

/** Most that comes out of what was packed, in bytes. */
const mostInflated = 1 << 20;

function inflated(bytes: Value | undefined, inflate: typeof inflateSync): Value {
  if (!Buffer.isBuffer(bytes)) return unknown;
  try {
    return inflate(bytes, { maxOutputLength: mostInflated });
  } catch {
    throw new Raised('error', 'Error -3 while decompressing data: incorrect header check');
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

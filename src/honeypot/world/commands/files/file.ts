/** file: what is in a file, by its first bytes. */
import type { Run } from '../../program.ts';
import { optionsOf } from '../options.ts';
import { latin, reasonOf, type Tool } from '../tool.ts';
import { kindName } from './stat.ts';

export const file: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bcf:F:hiLkmnNprsvz',
    long: { brief: 'b', mime: 'i', 'mime-type': 'mime-type', dereference: 'L', 'no-dereference': 'h' },
  });
  const width = Math.max(...options.operands.map((path) => path.length));
  for (const path of options.operands) {
    const said = whatIs(run, path, options.has('i', 'mime-type'), options.has('L'));
    const title = options.has('b') ? '' : `${path}:${' '.repeat(width - path.length + 1)}`;
    await run.stdout.write(`${title}${said}\n`);
  }
  return 0;
};

function whatIs(run: Run, path: string, isMime: boolean, follows: boolean): string {
  try {
    const node = follows ? run.files.stat(path) : run.files.lstat(path);
    if (node.kind === 'link') {
      const isBroken = !run.files.exists(path);
      return isMime
        ? 'inode/symlink; charset=binary'
        : `${isBroken ? 'broken ' : ''}symbolic link to ${node.target}`;
    }
    if (node.kind === 'directory')
      return isMime
        ? 'inode/directory; charset=binary'
        : `${(node.mode & 0o1000) !== 0 ? 'sticky, ' : ''}directory`;
    if (node.device !== undefined)
      return node.device.socket
        ? 'socket'
        : `${kindName(node).replace(' file', '')} (${node.device.major}/${node.device.minor})`;
    const isSetUid = (node.mode & 0o4000) !== 0;
    return (isSetUid ? 'setuid ' : '') + kindOf(latin(run.files.read(path)), isMime);
  } catch (error) {
    return `cannot open \`${path}' (${reasonOf(error)})`;
  }
}

type Magic = readonly [start: string, said: string, mime: string];

const magics: readonly Magic[] = [
  ['\x1f\x8b', 'gzip compressed data, from Unix', 'application/gzip'],
  ['PK\x03\x04', 'Zip archive data, at least v2.0 to extract, compression method=deflate', 'application/zip'],
  ['BZh', 'bzip2 compressed data, block size = 900k', 'application/x-bzip2'],
  ['\xfd7zXZ\0', 'XZ compressed data, checksum CRC64', 'application/x-xz'],
  ['\x28\xb5\x2f\xfd', 'Zstandard compressed data (v0.8+), Dictionary ID: None', 'application/zstd'],
  ['\x89PNG\r\n', 'PNG image data', 'image/png'],
  ['\xff\xd8\xff', 'JPEG image data', 'image/jpeg'],
  ['GIF8', 'GIF image data', 'image/gif'],
  ['%PDF-', 'PDF document, version 1.4', 'application/pdf'],
  ['!<arch>\ndebian', 'Debian binary package (format 2.0)', 'application/vnd.debian.binary-package'],
];

function kindOf(content: string, isMime: boolean): string {
  if (content === '') return isMime ? 'inode/x-empty; charset=binary' : 'empty';
  if (content.startsWith('\x7fELF'))
    return isMime ? 'application/x-pie-executable; charset=binary' : elfKind(content);
  const magic = magics.find(([start]) => content.startsWith(start));
  if (magic !== undefined) return isMime ? `${magic[2]}; charset=binary` : magic[1];
  if (content.slice(257, 262) === 'ustar')
    return isMime ? 'application/x-tar; charset=binary' : 'POSIX tar archive (GNU)';
  const head = content.slice(0, 8192);
  const isText = !/[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]/.test(head);
  if (!isText) return isMime ? 'application/octet-stream; charset=binary' : 'data';
  const isAscii = !/[\x80-\xff]/.test(head);
  const charset = isAscii ? 'us-ascii' : 'utf-8';
  const words = isAscii ? 'ASCII text' : 'Unicode text, UTF-8 text';
  const executable = `${words} executable`;
  const shebang = /^#! ?(\S+)(?: (\S+))?/.exec(head);
  if (shebang !== null) {
    const program = (shebang[1]!.endsWith('/env') ? shebang[2] : shebang[1])?.replace(/^.*\//, '') ?? '';
    const names: Readonly<Record<string, readonly [string, string]>> = {
      sh: ['POSIX shell script', 'text/x-shellscript'],
      bash: ['Bourne-Again shell script', 'text/x-shellscript'],
      perl: ['Perl script text executable', 'text/x-perl'],
      python: ['Python script', 'text/x-script.python'],
      python3: ['Python script', 'text/x-script.python'],
    };
    const [said, mime] = names[program] ?? [`a ${shebang[1]} script`, 'text/plain'];
    return isMime
      ? `${mime}; charset=${charset}`
      : said.endsWith('executable')
        ? said
        : `${said}, ${executable}`;
  }
  if (/^\s*[{[]/.test(head) && /[}\]]\s*$/.test(content))
    return isMime ? `application/json; charset=${charset}` : 'JSON data';
  const ending = /\r\n/.test(head)
    ? ', with CRLF line terminators'
    : content.includes('\n')
      ? ''
      : ', with no line terminators';
  return isMime ? `text/plain; charset=${charset}` : words + ending;
}

function elfKind(content: string): string {
  const code = (at: number): number => content.charCodeAt(at);
  const bits = code(4) === 1 ? '32-bit' : '64-bit';
  const order = code(5) === 2 ? 'MSB' : 'LSB';
  const [low, high] = order === 'LSB' ? [0, 1] : [1, 0];
  const type = code(16 + low) | (code(16 + high) << 8);
  const machine = code(18 + low) | (code(18 + high) << 8);
  const machines: Readonly<Record<number, string>> = {
    3: 'Intel 80386',
    8: 'MIPS, MIPS-I',
    20: 'PowerPC or cisco 4500',
    40: 'ARM, EABI5',
    62: 'x86-64',
    183: 'ARM aarch64',
    243: 'UCB RISC-V',
  };
  const name = machines[machine] ?? `*unknown arch 0x${machine.toString(16)}*`;
  if (type === 3)
    return `ELF ${bits} ${order} pie executable, ${name}, version 1 (SYSV), dynamically linked, interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped`;
  if (type === 1) return `ELF ${bits} ${order} relocatable, ${name}, version 1 (SYSV), not stripped`;
  return `ELF ${bits} ${order} executable, ${name}, version 1 (SYSV), statically linked, stripped`;
}

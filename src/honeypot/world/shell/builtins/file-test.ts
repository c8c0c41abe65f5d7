/** What `test`, `[` and `[[` know of files, texts and numbers. */
import type { Node } from '../../files/node.ts';
import { elementOf } from '../expansion/scope.ts';
import type { Shell } from '../shell.ts';

export function testUnary(shell: Shell, operator: string, operand: string): boolean {
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-t':
      return isTerminal(shell, operand);
    case '-o':
      return shell.has(operand);
    case '-v':
      return isSet(shell, operand);
    case '-R':
      return shell.variables.find(operand)?.isReference ?? false;
    default:
      return testFile(shell, operator, operand);
  }
}

function isTerminal({ descriptors }: Shell, operand: string): boolean {
  if (!/^\d{1,9}$/.test(operand.trim())) return false;
  const file = descriptors.get(Number(operand));
  return (file?.input?.isTerminal ?? file?.output?.isTerminal) === true;
}

function isSet(shell: Shell, operand: string): boolean {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(operand);
  if (element === null) return shell.variables.get(operand) !== undefined;
  const [, name = '', index = ''] = element;
  return index === '@' || index === '*'
    ? shell.variables.find(name)?.value !== undefined
    : elementOf(shell, name, index) !== undefined;
}

function testFile({ files, user }: Shell, operator: string, path: string): boolean {
  const node = nodeAt(() => (operator === '-h' || operator === '-L' ? files.lstat(path) : files.stat(path)));
  if (node === undefined) return false;
  const device = node.kind === 'file' ? node.device : undefined;
  switch (operator) {
    case '-e':
    case '-a':
      return true;
    case '-f':
      return node.kind === 'file' && device === undefined;
    case '-d':
      return node.kind === 'directory';
    case '-h':
    case '-L':
      return node.kind === 'link';
    case '-b':
      return device?.block === true;
    case '-c':
      return device !== undefined && device.block !== true;
    case '-s':
      return node.kind !== 'file' || node.size > 0;
    case '-r':
      return files.allows(node, 4);
    case '-w':
      return files.allows(node, 2);
    case '-x':
      return files.allows(node, 1);
    case '-u':
      return (node.mode & 0o4000) !== 0;
    case '-g':
      return (node.mode & 0o2000) !== 0;
    case '-k':
      return (node.mode & 0o1000) !== 0;
    case '-O':
      return node.uid === user.uid;
    case '-G':
      return node.gid === user.gid;
    case '-N':
      return true;
    default:
      return false;
  }
}

function nodeAt(find: () => Node): Node | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

/** `-nt`, `-ot`, `-ef`. */
export function compareFiles(shell: Shell, left: string, operator: string, right: string): boolean {
  const { files } = shell;
  const [first, second] = [nodeAt(() => files.stat(left)), nodeAt(() => files.stat(right))];
  if (operator === '-ef') return first !== undefined && files.realpath(left) === realpath(files, right);
  if (operator === '-ot') return compareFiles(shell, right, '-nt', left);
  return first !== undefined && (second === undefined || first.mtime > second.mtime);
}

function realpath(files: Shell['files'], path: string): string | undefined {
  return files.exists(path) ? files.realpath(path) : undefined;
}

/** `-eq` and its like. */
export function compareNumbers(left: bigint, operator: string, right: bigint): boolean {
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}

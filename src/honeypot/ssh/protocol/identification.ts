/**
 * The client's first line (RFC 4253, 4.2), and what sshd answers to one that is none: plain text, since no packets are
 * agreed on yet. sshd is told apart by that answer, so all its cases are here.
 */
import { SshFault } from './fault.ts';

export interface Identification {
  /** The line without its end, one character per byte: `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7`. */
  readonly line: string;
  /** The part that names the software. */
  readonly software: string;
  /** Bytes of packets that came with it. */
  readonly rest: Buffer;
}

/** `text` is what the client is sent, as a line, before the connection is closed. */
export class IdentificationFault extends SshFault {
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

const invalid = () => new IdentificationFault('Invalid SSH identification string.');

/** sshd's SSH_MAX_BANNER_LEN. */
const longest = 8192;

/** As sshd's `sscanf`, which takes blanks and signs before numbers. */
const shape = /^SSH-\s*([+-]?\d+)\.\s*([+-]?\d+)-([^\n]+)$/;

/** Scanners that sshd knows by name, and hangs up on. */
const unwelcome = /^Probe-|SSH_Version_Mapper/;

/**
 * Takes chunks until the line is whole.
 * @returns a function that takes the next chunk, and answers undefined as long as more has to come
 * @throws SshFault, mostly IdentificationFault, as soon as sshd would
 */
export function createIdentification(): (chunk: Buffer) => Identification | undefined {
  let line = Buffer.alloc(64);
  let length = 0;
  let lineFeedMustFollow = false;
  return (chunk) => {
    for (const [at, byte] of chunk.entries()) {
      if (byte === 0x0d) {
        lineFeedMustFollow = true;
        continue;
      }
      if (byte === 0x0a) return identified(line.toString('latin1', 0, length), chunk.subarray(at + 1));
      if (byte === 0 || lineFeedMustFollow || length === longest) throw invalid();
      if (length === line.length) line = Buffer.concat([line], 2 * length);
      line[length++] = byte;
    }
    return undefined;
  };
}

function identified(line: string, rest: Buffer): Identification {
  if (!line.startsWith('SSH-')) throw invalid();
  const [, major, minor, software] = shape.exec(line) ?? [];
  if (software === undefined) throw invalid();
  if (Number(major) !== 2 && !(Number(major) === 1 && Number(minor) === 99)) {
    throw new IdentificationFault('Protocol major versions differ.');
  }
  if (unwelcome.test(software)) throw new SshFault(`scanned with ${line}`);
  return { line, software, rest };
}

/** What sshd does differently for software that it knows (`compat.c`). */
export interface Compatibility {
  /** Key exchange methods that this client has wrong. */
  readonly withheld: readonly string[];
  /** Chokes on the `hostkeys-00@openssh.com` request. */
  readonly noHostKeys: boolean;
  /** Understands `eow@openssh.com`, which only OpenSSH is sent. */
  readonly endOfWrite: boolean;
}

export function compatibilityOf(software: string): Compatibility {
  const withheld =
    /^OpenSSH_6\.[56]/.test(software) && !software.startsWith('OpenSSH_6.6.1')
      ? ['curve25519-sha256@libssh.org']
      : oldPutty.test(software)
        ? ['diffie-hellman-group-exchange-sha256']
        : [];
  return {
    withheld,
    noHostKeys: noHostKeys.test(software),
    endOfWrite: software.startsWith('OpenSSH') && !/^OpenSSH_[234]/.test(software),
  };
}

const oldPutty =
  /^(?:PuTTY_Local:|PuTTY-Release-0\.5|PuTTY_Release_0\.(?:5|6[0-4])|FuTTY|WinSCP_release_(?:4|5\.0|5\.[156](?:$|\.)|5\.7(?:$|\.[1-4]$)))/;
const noHostKeys = /^(?:Cisco-1\.|TeraTerm SSH|TTSSH\/(?:1\.5\.|2\.[1-6]|2\.7[0-2]))/;

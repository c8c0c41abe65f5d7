/** openssl: version, base64, digests, random bytes, password hashes; connections are noted and refused. */
import { createHash, randomBytes } from 'node:crypto';
import { now } from '../../world.ts';
import { optionsOf } from '../options.ts';
import { openInput, readAll } from '../streams.ts';
import { Fault, latin, reasonOf, type Tool } from '../tool.ts';

/** Most bytes of `rand`. */
const mostBytes = 1 << 20;

export const openssl: Tool = async (run, flavour) => {
  const [command = '', ...rest] = run.args.slice(1);
  const value = (name: string): string | undefined =>
    rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined;
  const input = async (): Promise<Buffer> => {
    const path =
      value('-in') ??
      rest
        .filter(
          (arg, index) =>
            !arg.startsWith('-') && !/^-(in|out|pass|k|K|iv|md|salt)$/.test(rest[index - 1] ?? ''),
        )
        .at(-1);
    try {
      return await readAll(run, path === undefined ? run.stdin : openInput(run, path));
    } catch (error) {
      throw new Fault(`Can't open "${path}" for reading, ${reasonOf(error)}\n`, 1);
    }
  };
  const output = async (content: Uint8Array): Promise<void> => {
    const path = value('-out');
    if (path === undefined) await run.stdout.write(content);
    else run.files.write(path, content, { now: now(run.world) });
  };
  switch (command) {
    case 'version':
      await run.stdout.write('OpenSSL 3.0.17 1 Jul 2025 (Library: OpenSSL 3.0.17 1 Jul 2025)\n');
      return 0;
    case 'base64':
    case 'enc': {
      if (command === 'enc' && !rest.some((arg) => /^-(a|base64)$/.test(arg))) return 0;
      const content = await input();
      if (rest.includes('-d')) await output(Buffer.from(latin(content), 'base64'));
      else
        await output(
          Buffer.from(
            rest.includes('-A')
              ? content.toString('base64')
              : content.toString('base64').replace(/.{1,64}/g, '$&\n'),
          ),
        );
      return 0;
    }
    case 'rand': {
      const count = Math.min(mostBytes, Number(rest.filter((arg) => /^\d+$/.test(arg)).at(-1) ?? 0));
      const bytes = randomBytes(count);
      if (rest.includes('-hex')) await output(Buffer.from(`${bytes.toString('hex')}\n`));
      else if (rest.includes('-base64'))
        await output(Buffer.from(bytes.toString('base64').replace(/.{1,64}/g, '$&\n')));
      else await output(bytes);
      return 0;
    }
    case 'passwd': {
      const options = optionsOf(
        { ...run, args: rest[0] === undefined ? ['openssl'] : ['openssl', ...rest] },
        flavour,
        { short: '1256', long: {}, stopsEarly: false },
      );
      const kind = options.has('6') ? '6' : options.has('5') ? '5' : '1';
      const salt = value('-salt') ?? randomBytes(6).toString('base64').replace(/[+=]/g, '.').slice(0, 8);
      const password = options.operands.filter((one) => one !== salt).at(-1) ?? '';
      const hash = createHash('sha512').update(`${salt}${password}`).digest('base64').replace(/[+=]/g, '.');
      await run.stdout.write(
        `$${kind}$${salt}$${hash.slice(0, kind === '1' ? 22 : kind === '5' ? 43 : 86)}\n`,
      );
      return 0;
    }
    case 's_client': {
      const [host = '', port] = (value('-connect') ?? '').split(':');
      run.note({ kind: 'connect', tool: 'openssl', host, port: Number(port ?? 443) });
      await run.sleep(20_000);
      throw new Fault('connect:errno=110\n', 1);
    }
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512':
    case 'dgst': {
      const algorithm =
        command === 'dgst'
          ? (/^-(md5|sha1|sha256|sha384|sha512)$/.exec(
              rest.find((arg) => /^-(md5|sha)/.test(arg)) ?? '',
            )?.[1] ?? 'sha256')
          : command;
      const path = rest.filter((arg) => !arg.startsWith('-')).at(-1);
      const shown = `${algorithm === 'md5' ? 'MD5' : algorithm.replace('sha', 'SHA2-').replace('SHA2-1', 'SHA1')}(${path ?? 'stdin'})= `;
      await run.stdout.write(
        `${shown}${createHash(algorithm)
          .update(await input())
          .digest('hex')}\n`,
      );
      return 0;
    }
    case '':
      return 0;
    default:
      return 0;
  }
};

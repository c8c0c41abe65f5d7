/** aws, of AWS CLI 2: what it knows of its own configuration; everything else is denied, as such keys usually are. */
import type { Run } from '../../program.ts';
import { Fault, latin, type Tool } from '../tool.ts';

interface Keys {
  readonly id: string;
  readonly secret: string;
  readonly source: string;
}

function keysOf(run: Run): Keys | undefined {
  const id = run.env.get('AWS_ACCESS_KEY_ID');
  if (id !== undefined) return { id, secret: run.env.get('AWS_SECRET_ACCESS_KEY') ?? '', source: 'env' };
  const path = `${run.user.home}/.aws/credentials`;
  if (!run.files.exists(path)) return undefined;
  const text = latin(run.files.read(path));
  const value = (name: string): string => new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return {
    id: value('aws_access_key_id'),
    secret: value('aws_secret_access_key'),
    source: 'shared-credentials-file',
  };
}

export const aws: Tool = async (run) => {
  const words = run.args
    .slice(1)
    .filter(
      (arg, index, all) =>
        !arg.startsWith('-') && !/^--(region|profile|output|query|endpoint-url)$/.test(all[index - 1] ?? ''),
    );
  const [service = '', operation = '', ...rest] = words;
  const { cloud } = run.world.persona;
  if (run.args.includes('--version')) {
    await run.stdout.write(
      `aws-cli/2.15.30 Python/3.11.8 Linux/${run.world.persona.kernel.release} exe/x86_64.debian.12 prompt/off\n`,
    );
    return 0;
  }
  if (service === '')
    throw new Fault(
      '\nusage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\nTo see help text, you can run:\n\n  aws help\n  aws <command> help\n  aws <command> <subcommand> help\n\naws: error: the following arguments are required: command\n\n',
      252,
    );
  const keys = keysOf(run);
  if (service === 'configure') return configure(run, operation, keys);
  run.note({
    kind: 'request',
    tool: 'aws',
    url: `https://${service}.${cloud.region}.amazonaws.com/${operation === '' ? '' : `?Action=${operation}`}${rest.length > 0 ? `&${rest.join('&')}` : ''}`,
  });
  await run.sleep(900);
  if (keys === undefined && run.world.container !== undefined)
    throw new Fault(
      '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n',
      253,
    );
  const name = `${cloud.role.split('-')[0]}-deploy`;
  const arn = `arn:aws:iam::${cloud.account}:user/${name}`;
  if (service === 'sts' && operation === 'get-caller-identity') {
    const user = `AIDA${run.world.persona.random('aws-user').text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 17)}`;
    const isText = /--output[= ]text/.test(run.args.join(' '));
    await run.stdout.write(
      isText
        ? `${cloud.account}\t${arn}\t${user}\n`
        : `{\n    "UserId": "${user}",\n    "Account": "${cloud.account}",\n    "Arn": "${arn}"\n}\n`,
    );
    return 0;
  }
  const action = operation
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  if (service === 's3')
    throw new Fault(
      `\nAn error occurred (AccessDenied) when calling the ${operation === 'ls' && rest.length === 0 ? 'ListBuckets' : 'ListObjectsV2'} operation: Access Denied\n`,
      254,
    );
  throw new Fault(
    `\nAn error occurred (${service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied'}) when calling the ${action} operation: ${service === 'ec2' ? 'You are not authorized to perform this operation.' : `User: ${arn} is not authorized to perform: ${service}:${action} on resource: * because no identity-based policy allows the ${service}:${action} action`}\n`,
    254,
  );
};

async function configure(run: Run, operation: string, keys: Keys | undefined): Promise<number> {
  const { region } = run.world.persona.cloud;
  if (operation === 'list') {
    const hidden = (text: string): string => `${'*'.repeat(16)}${text.slice(-4)}`;
    const row = (name: string, value: string, type: string, location: string): string =>
      `${name.padStart(10)} ${value.padStart(24)} ${type.padStart(16)}    ${location}\n`;
    const none = '<not set>';
    await run.stdout.write(
      `      Name                    Value             Type    Location\n      ----                    -----             ----    --------\n${row('profile', none, 'None', 'None')}${keys === undefined ? row('access_key', none, 'None', 'None') + row('secret_key', none, 'None', 'None') : row('access_key', hidden(keys.id), keys.source, '') + row('secret_key', hidden(keys.secret), keys.source, '')}${row('region', region, 'config-file', '~/.aws/config')}`,
    );
    return 0;
  }
  if (operation === 'get') {
    const name = run.args.at(-1);
    const value =
      name === 'region'
        ? region
        : name === 'aws_access_key_id'
          ? keys?.id
          : name === 'aws_secret_access_key'
            ? keys?.secret
            : undefined;
    if (value === undefined) return 1;
    await run.stdout.write(`${value}\n`);
  }
  return 0;
}

/**
 * The instance metadata service of EC2, versions 1 and 2, as a function: what 169.254.169.254 answers about the
 * persona. Its credentials are inert. After AWS's reference "Instance metadata categories" (2024), status pages and
 * header names as recorded from instances.
 */
import { createHmac } from 'node:crypto';
import { cloudKey, sessionToken } from './cloud-keys.ts';
import type { Persona } from './persona.ts';

export interface ImdsAnswer {
  readonly status: 200 | 400 | 401 | 404 | 405;
  /** In the order in which they are sent, without Date, Connection and Content-Length. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** Longest life of a token, in seconds. */
const maxTtl = 21_600;

/**
 * @param path with its query, which is ignored
 * @param headers names in lower case
 * @param now milliseconds since 1970
 */
export function imds(
  persona: Persona,
  method: string,
  path: string,
  headers: Readonly<Record<string, string | undefined>>,
  now = Date.now(),
): ImdsAnswer {
  const [place = '/'] = path.split('?', 1);
  if (place === '/latest/api/token') return tokenAnswer(persona, method, headers, now);
  if (method !== 'GET' && method !== 'HEAD') return page(405, 'Method Not Allowed');
  const token = headers['x-aws-ec2-metadata-token'];
  const left = token === undefined ? undefined : secondsLeft(persona, token, now);
  if (left === 0) return page(401, 'Unauthorized');
  const body = valueAt(persona, place, now);
  if (body === undefined) return page(404, 'Not Found');
  const isJson = /security-credentials\/.|\/iam\/info|\/document$/.test(place);
  return {
    status: 200,
    headers: [
      ...(left === undefined ? [] : [['X-Aws-Ec2-Metadata-Token-Ttl-Seconds', `${left}`] as const]),
      ['Content-Type', isJson ? 'application/json' : 'text/plain'],
      ['Accept-Ranges', 'none'],
      ['Last-Modified', new Date(persona.bootedAt(now)).toUTCString()],
      ['Server', 'EC2ws'],
    ],
    body,
  };
}

function tokenAnswer(
  persona: Persona,
  method: string,
  headers: Readonly<Record<string, string | undefined>>,
  now: number,
): ImdsAnswer {
  if (method !== 'PUT') return page(405, 'Method Not Allowed');
  const ttl = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
  if (!Number.isInteger(ttl) || ttl < 1 || ttl > maxTtl) return page(400, 'Bad Request');
  // The service gives none to who says that the request was forwarded.
  if (headers['x-forwarded-for'] !== undefined) return page(400, 'Bad Request');
  return {
    status: 200,
    headers: [
      ['X-Aws-Ec2-Metadata-Token-Ttl-Seconds', `${ttl}`],
      ['Content-Type', 'text/plain'],
      ['Server', 'EC2ws'],
    ],
    body: tokenOf(persona, Math.floor(now / 1000) + ttl),
  };
}

/** @param end seconds since 1970 */
function tokenOf(persona: Persona, end: number): string {
  const seal = createHmac('sha256', persona.seed).update(`imds-token/${end}`).digest();
  const masked = Buffer.alloc(4);
  masked.writeUInt32BE((end ^ seal.readUInt32BE(28)) >>> 0);
  const bytes = Buffer.concat([Buffer.of(1, 0, 4, 0), masked, seal]);
  return `${bytes.toString('base64url')}==`;
}

/** 0 for a token that was never given, or is over. */
function secondsLeft(persona: Persona, token: string, now: number): number {
  const bytes = Buffer.from(token.slice(0, 100), 'base64url');
  if (bytes.length !== 40) return 0;
  const end = (bytes.readUInt32BE(4) ^ bytes.readUInt32BE(36)) >>> 0;
  const left = end - Math.floor(now / 1000);
  return left > 0 && left <= maxTtl && tokenOf(persona, end) === token ? left : 0;
}

function page(status: ImdsAnswer['status'], words: string): ImdsAnswer {
  const title = `${status} - ${words}`;
  return {
    status,
    headers: [
      ['Content-Type', 'text/html'],
      ['Server', 'EC2ws'],
    ],
    body: `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${title}</title>
 </head>
 <body>
  <h1>${title}</h1>
 </body>
</html>
`,
  };
}

type Values = { readonly [name: string]: string | (() => string) | Values };

/** The versions under which the same tree is found. */
const versions =
  '1.0 2007-01-19 2007-03-01 2007-08-29 2007-10-10 2007-12-15 2008-02-01 2008-09-01 2009-04-04 2011-01-01 2011-05-01 2012-01-12 2014-02-25 2014-11-05 2015-10-20 2016-04-19 2016-06-30 2016-09-02 2018-03-28 2018-08-17 2018-09-24 2019-10-01 2020-10-27 2021-01-03 2021-03-23 2021-07-15 2022-09-24 2024-04-11 latest';

function valueAt(persona: Persona, path: string, now: number): string | undefined {
  const names = path.split('/').filter((name) => name !== '');
  const [version, ...rest] = names;
  if (version === undefined) return versions.replaceAll(' ', '\n');
  if (!versions.split(' ').includes(version)) return undefined;
  let value: Values[string] | undefined = treeOf(persona, now);
  for (const name of rest) {
    if (typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return value();
  const isTop = rest.length === 0;
  return Object.entries(value ?? {})
    .map(([name, inside]) =>
      typeof inside === 'object' && !isTop && !name.includes('=') ? `${name}/` : name,
    )
    .join('\n');
}

function treeOf(persona: Persona, now: number): Values {
  const { network, cloud, machine } = persona;
  const random = persona.random('imds');
  const hostname = `ip-${network.address.replaceAll('.', '-')}.${persona.domain}`;
  const zoneOfNames = cloud.region === 'us-east-1' ? 'compute-1' : `${cloud.region}.compute`;
  const publicName = `ec2-${network.publicAddress.replaceAll('.', '-')}.${zoneOfNames}.amazonaws.com`;
  const [vpc, subnet, group, face, owner] = [
    `vpc-0${random.hex(16)}`,
    `subnet-0${random.hex(16)}`,
    `sg-0${random.hex(16)}`,
    `eni-0${random.hex(16)}`,
    cloud.account,
  ];
  const groupName = `${cloud.role.split('-')[0]}-sg`;
  const started = new Date(persona.installedAt).toISOString().replace(/\.\d+Z$/, 'Z');
  const net = network.address.replace(/\.\d+\.\d+$/, '.0.0/16');
  const block = network.gateway.replace(/\d+$/, `0/${network.prefix}`);
  const key = `${persona.account}-key`;
  return {
    dynamic: {
      'instance-identity': {
        document: () => identityDocument(persona, started),
        pkcs7: () => lines(random.bytes(900).toString('base64'), 64),
        signature: () => lines(random.bytes(128).toString('base64'), 76),
      },
    },
    'meta-data': {
      'ami-id': cloud.image,
      'ami-launch-index': '0',
      'ami-manifest-path': '(unknown)',
      'block-device-mapping': { ami: '/dev/xvda', root: '/dev/xvda' },
      events: { maintenance: { history: '[]', scheduled: '[]' } },
      hibernation: { configured: 'false' },
      hostname,
      iam: {
        info: () =>
          json([
            ['Code', 'Success'],
            ['LastUpdated', hourOf(now)],
            ['InstanceProfileArn', `arn:aws:iam::${owner}:instance-profile/${cloud.role}`],
            [
              'InstanceProfileId',
              `AIPA${persona.random('profile').text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 17)}`,
            ],
          ]),
        'security-credentials': { [cloud.role]: () => roleCredentials(persona, now) },
      },
      'instance-action': 'none',
      'instance-id': cloud.instance,
      'instance-life-cycle': 'on-demand',
      'instance-type': machine.type,
      'local-hostname': hostname,
      'local-ipv4': network.address,
      mac: network.mac,
      metrics: { vhostmd: '<?xml version="1.0" encoding="UTF-8"?>' },
      network: {
        interfaces: {
          macs: {
            [network.mac]: {
              'device-number': '0',
              'interface-id': face,
              'ipv4-associations': { [network.publicAddress]: network.address },
              'local-hostname': hostname,
              'local-ipv4s': network.address,
              mac: network.mac,
              'owner-id': owner,
              'public-hostname': publicName,
              'public-ipv4s': network.publicAddress,
              'security-group-ids': group,
              'security-groups': groupName,
              'subnet-id': subnet,
              'subnet-ipv4-cidr-block': block,
              'vpc-id': vpc,
              'vpc-ipv4-cidr-block': net,
              'vpc-ipv4-cidr-blocks': net,
            },
          },
        },
      },
      placement: {
        'availability-zone': cloud.zone,
        'availability-zone-id': `${zoneId(cloud.region)}-az${random.int(1, 3)}`,
        region: cloud.region,
      },
      profile: 'default-hvm',
      'public-hostname': publicName,
      'public-ipv4': network.publicAddress,
      'public-keys': { [`0=${key}`]: { 'openssh-key': () => publicKey(persona, key) } },
      'reservation-id': `r-0${random.hex(16)}`,
      'security-groups': groupName,
      services: { domain: 'amazonaws.com', partition: 'aws' },
      system: 'nitro',
    },
    'user-data': () => userData(persona),
  };
}

const directions: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  southeast: 'se',
};

/** `us-east-1` → `use1`. */
function zoneId(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  return area + directions[direction] + number;
}

function roleCredentials(persona: Persona, now: number): string {
  const updated = hourOf(now);
  const key = cloudKey(persona, 'ASIA', updated);
  return json([
    ['Code', 'Success'],
    ['LastUpdated', updated],
    ['Type', 'AWS-HMAC'],
    ['AccessKeyId', key.id],
    ['SecretAccessKey', key.secret],
    ['Token', sessionToken(persona, updated)],
    ['Expiration', isoSeconds(Date.parse(updated) + 6 * 3_600_000 + 1_260_000)],
  ]);
}

/** Keys are renewed every hour, some minutes past it. */
function hourOf(now: number): string {
  return isoSeconds(Math.floor((now - 754_000) / 3_600_000) * 3_600_000 + 754_000);
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

function identityDocument({ cloud, machine, network }: Persona, pendingTime: string): string {
  return json([
    ['accountId', cloud.account],
    ['architecture', 'x86_64'],
    ['availabilityZone', cloud.zone],
    ['billingProducts', null],
    ['devpayProductCodes', null],
    ['marketplaceProductCodes', null],
    ['imageId', cloud.image],
    ['instanceId', cloud.instance],
    ['instanceType', machine.type],
    ['kernelId', null],
    ['pendingTime', pendingTime],
    ['privateIp', network.address],
    ['ramdiskId', null],
    ['region', cloud.region],
    ['version', '2017-09-30'],
  ]);
}

/** With a space on both sides of the colon, as the service writes it. */
function json(fields: readonly (readonly [string, string | null])[]): string {
  return `{\n${fields.map(([name, value]) => `  "${name}" : ${JSON.stringify(value)}`).join(',\n')}\n}`;
}

function lines(text: string, width: number): string {
  return text.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n');
}

function publicKey(persona: Persona, comment: string): string {
  const head = Buffer.from('0000000b7373682d6564323535313900000020', 'hex');
  const key = persona.random('public-key').bytes(32);
  return `ssh-ed25519 ${Buffer.concat([head, key]).toString('base64')} ${comment}`;
}

function userData(persona: Persona): string {
  return `#cloud-config
hostname: ${persona.hostname}
fqdn: ${persona.hostname}.${persona.domain}
package_update: true
packages:
  - docker.io
  - redis-server
  - curl
runcmd:
  - systemctl enable --now docker
  - usermod -aG docker ${persona.account}
`;
}

/**
 * Applications of clouds that are exploited over HTTP: one of them is what the port shows, by the persona's choice; the
 * exploits of all are known, answered as their application would, and their commands run in emulation.
 */
import { shippedDecoys } from '../../package.ts';
import type { Connection, Decoy, Site, Talk } from '../decoy.ts';
import type { Body } from '../http/body.ts';
import { rawOf } from '../http/raw.ts';
import { type Exchange, serveHttp } from '../http/serve.ts';
import { later } from '../later.ts';
import { cloudKey } from '../persona/cloud-keys.ts';
import type { Persona } from '../persona/persona.ts';
import { leftBy, type Ran, runLine } from '../run-line.ts';
import { serviceAccount } from './account.ts';
import type { Application, Reply } from './application.ts';
import type { Match } from './match.ts';
import { readApart } from './read-apart.ts';
import { textOf } from './request-text.ts';
import { answerAlone, type WebServer } from './servers/web-server.ts';
import { servers } from './servers.ts';

const matching = later(async () => ({ ...(await import('./match.ts')), ...(await import('./carried.ts')) }));

/** Of a request's body, in bytes. */
const keep = 1 << 20;

export const decoy: Decoy = {
  name: 'http',
  ports: [{ name: 'http' }],
  events: {
    request: { severity: 'info', worth: 'noise' },
    exploit: { severity: 'high', attack: ['T1190'], worth: 'evidence' },
  },
  start,
};

function start({ persona }: Site): Talk {
  const applications = readApart(`${shippedDecoys}/http`);
  const faces = applications.filter((one) => one.face);
  const face = persona.random('http/face').pick(faces);
  return serveHttp({
    ...servingOf(servers[face.server]),
    keep,
    async handle(exchange) {
      await answer(exchange, await exchange.body(), face, applications, persona);
    },
    refused: (connection, bytes) => connection.record('request', { raw: bytes, data: { malformed: true } }),
  });
}

function servingOf({ dialect, parse }: WebServer) {
  return { dialect, ...(parse !== undefined && { parse }) };
}

async function answer(
  exchange: Exchange,
  body: Body,
  face: Application,
  applications: readonly Application[],
  persona: Persona,
): Promise<void> {
  const { connection } = exchange;
  const request = textOf(exchange, body.bytes);
  const raw = rawOf(exchange, body.bytes);
  const { log4shellOf, matchExploit, carriedCommands, carriedCode } = await matching();
  const addresses = log4shellOf(request);
  const match = matchExploit(applications, request);
  if (match === undefined && addresses.length === 0) {
    const [method, target] = [exchange.method, exchange.target.slice(0, 2000)];
    const commands = carriedCommands(request);
    if (commands.length === 0)
      await connection.record('request', {
        raw,
        texts: [],
        data: { method, target, bodyLength: body.length },
      });
    else
      await connection.record('exploit', {
        raw,
        texts: commands,
        data: { method, target, command: commands[0]!.slice(0, 4000) },
      });
    show(exchange, face, persona);
    return;
  }
  const textsOf = ({ command }: Match) => (command === undefined ? carriedCode(request) : [command]);
  const ran = await runCommand(match, connection, persona);
  const printed = ran === undefined ? '' : Buffer.concat([ran.output, ran.errors]).toString('latin1');
  const output = match?.proof ?? printed;
  await connection.record('exploit', {
    raw,
    texts: [...(match === undefined ? [] : textsOf(match)), ...addresses],
    ...(ran !== undefined && { notes: ran.notes, artefacts: leftBy(connection.host, [ran]) }),
    attack: match?.exploit.attack ?? [],
    severity: match?.exploit.severity ?? 'high',
    data: {
      method: exchange.method,
      target: exchange.target.slice(0, 2000),
      application: match?.application.application ?? 'Apache Log4j',
      exploit: match?.exploit.name ?? 'CVE-2021-44228',
      ...(match?.command !== undefined && {
        command: match.command.slice(0, 4000),
        output: output.slice(0, 4000),
      }),
      ...(addresses.length > 0 && { jndi: addresses.slice(0, 20) }),
    },
  });
  if (match === undefined) show(exchange, face, persona);
  else send(exchange, match.application, match.exploit.reply, persona, output);
}

async function runCommand(
  match: Match | undefined,
  { host }: Connection,
  persona: Persona,
): Promise<Ran | undefined> {
  if (match?.command === undefined) return undefined;
  return runLine(host, match.command, {
    user: serviceAccount(match.exploit.user, host, persona.installedAt),
  });
}

/** What the port shows to whoever looks around. */
function show(exchange: Exchange, face: Application, persona: Persona): void {
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
  const there = face.pages.filter((one) => one.path === exchange.path);
  const page = there.find((one) => one.method === method);
  if (page !== undefined) send(exchange, face, page, persona, '');
  else answerAlone(servers[face.server], exchange, there.length > 0);
}

function send(
  exchange: Exchange,
  application: Application,
  reply: Reply,
  persona: Persona,
  output: string,
): void {
  const server: WebServer = servers[application.server];
  // Characters are bytes, as they are in what commands print.
  const fill = (text: string): string => filled(Buffer.from(text).toString('latin1'), persona, output);
  const more = Object.entries(reply.headers).map(
    ([name, value]) =>
      [
        name,
        fill(value)
          .replace(/[\0\r\n]+/g, ' ')
          .trimEnd(),
      ] as const,
  );
  const headers = server.headers(reply.type, more, exchange);
  exchange.respond(reply.status, headers, Buffer.from(fill(reply.body), 'latin1'), server.dialect);
}

function filled(text: string, persona: Persona, output: string): string {
  return text.replace(/\{\{(\w+)(?::([\w-]+))?\}\}/g, (whole, word: string, label: string | undefined) => {
    switch (word) {
      case 'output':
        return output;
      case 'outputJson':
        return JSON.stringify(output).slice(1, -1);
      case 'hostname':
        return persona.hostname;
      case 'address':
        return persona.network.address;
      case 'now':
        return momentOf(Date.now(), label);
      case 'started':
        return momentOf(persona.bootedAt(Date.now()), label);
      case 'number':
        return String(persona.random(`http/${label}`).int(1000, 9999));
      case 'awsKey':
        return cloudKey(persona, 'AKIA', `http/${label}`).id;
      case 'awsSecret':
        return cloudKey(persona, 'AKIA', `http/${label}`).secret;
      default: {
        const [, kind, count] = /^(hex|HEX|bytes)(\d{1,2})$/.exec(word) ?? [];
        if (kind === undefined) return whole;
        const random = persona.random(`http/${label}`);
        if (kind === 'bytes') return random.bytes(Number(count)).toString('base64');
        const hex = random.hex(Number(count));
        return kind === 'hex' ? hex : hex.toUpperCase();
      }
    }
  });
}

/** @param form milliseconds since 1970 without one; in UTC */
function momentOf(time: number, form: string | undefined): string {
  const text = new Date(time).toISOString().slice(0, -1);
  switch (form) {
    case 'iso':
      return text;
    case 'digits':
      return text.slice(0, 19).replace(/\D/g, '');
    case 'file':
      return `${text.slice(0, 19).replace('T', '_').replaceAll(':', '-')}_${text.slice(20)}${String(time % 1000).padStart(3, '0')}`;
    default:
      return String(time);
  }
}

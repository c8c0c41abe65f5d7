/** Programs that open this host to the outside, past whatever stands in between. */
import type { AttackTool, Started } from './attack-tool.ts';
import { isLocalHost } from './origin.ts';

/** Where nothing is known to start it: a way to a shell or into the network, or to one page that is shown around. */
const unstarted = { whole: 0.45, page: 0.3 } as const;

export function tunnelOf(started: Started): AttackTool | undefined {
  const opens = opening(started);
  return opens === undefined
    ? undefined
    : { kind: 'tunnel', name: started.name, confidence: 0.5, unstarted: unstarted[opens] };
}

/** Source: the manuals of ngrok 3, cloudflared, chisel 1.10, frp 0.60, tmate, bore, gost 3, localtunnel and nps. */
function opening({ name, args, line }: Started): 'whole' | 'page' | undefined {
  const has = (...options: readonly string[]) => options.some((option) => hasOption(args, option));
  const [verb = ''] = args;
  switch (name) {
    case 'ngrok':
      return verb === 'tcp' ? 'whole' : /^(?:http|tls|start)$/.test(verb) ? 'page' : undefined;
    case 'cloudflared': {
      if (!args.includes('tunnel')) return undefined;
      return has('--token') ? 'whole' : has('--url', '--hello-world') ? 'page' : undefined;
    }
    case 'chisel':
      return verb === 'client' && args.some((arg) => /^R:/.test(arg)) ? 'whole' : undefined;
    case 'frpc':
      return has('-c', '--config', '-s', '--server_addr', '--server-addr') ? 'whole' : undefined;
    case 'tmate':
      return /^(?:|-V|show|show-messages|wait|kill-session|kill-server)$/.test(verb) ? undefined : 'whole';
    case 'bore':
      return verb === 'local' && has('--to', '-t') ? 'whole' : undefined;
    case 'gost':
      return has('-L', '-F', '-C') ? 'whole' : undefined;
    case 'npc':
      return has('-vkey', '--vkey') ? 'whole' : undefined;
    case 'lt':
    case 'localtunnel':
      return has('--port', '-p') ? 'page' : undefined;
    case 'zrok':
      return verb === 'share' && /\bpublic\b|\bprivate\b|\breserved\b/.test(line) ? 'page' : undefined;
    case 'ssh':
    case 'autossh':
      return args.some((arg) => remoteForward.test(arg)) && args.some(isOutside) ? 'whole' : undefined;
    default:
      return undefined;
  }
}

/** `-R`, also behind options that take no value: `-fNR`; not `-oRequestTTY=no`. */
const remoteForward = /^-[46AaCfGgKkMNnqTtVvXxYy]{0,10}R|^-oRemoteForward\b|^RemoteForward[ =]/;

/** `--token x`, `--token=x`; a short one also with its value behind it: `-Lsocks5://:1080`. */
function hasOption(args: readonly string[], option: string): boolean {
  const isShort = option.length === 2;
  return args.some((arg) => arg === option || arg.startsWith(isShort ? option : `${option}=`));
}

/** `user@host.example.org`, or `serveo.net` alone; not a file or a private address. */
function isOutside(arg: string): boolean {
  const host = /^(?:[\w.$-]{1,100}@)?([\w-]{1,63}(?:\.[\w-]{1,63}){1,10})$/.exec(arg)?.[1];
  return host !== undefined && !isLocalHost(host) && !/\.(?:pem|key|conf|cfg|sock|pub)$/.test(host);
}

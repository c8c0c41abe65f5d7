/**
 * Flooders and mass scanners by how they are started. Source: the projects' own usage texts and public reports
 * on images that flooded, 2026-11.
 */
import { programName } from '../../indicator/shell-unwrap.ts';

export interface AttackTool {
  readonly category: 'ddos' | 'hacking' | 'tunnel' | 'proxyware';
  readonly name: string;
  /** 0..1 when a container starts it. */
  readonly confidence: number;
}

/** @param words of a command, already unwrapped */
export function attackToolOf(words: readonly string[]): AttackTool | undefined {
  const list = words.slice(0, 200).map((word) => word.slice(0, 500));
  const [program = '', ...args] = list;
  const interpreted = /^(?:python|pypy|perl|node|ruby|php|go|java)[\d.]*$/.test(programName(program));
  const operand = interpreted ? args.findIndex((arg) => !arg.startsWith('-') && arg !== 'run') : -1;
  const script = interpreted ? (args[operand] ?? '') : program;
  const rest = interpreted ? args.slice(operand + 1) : args;
  const name = programName(script)
    .toLowerCase()
    .replace(/\.(?:py|pl|go|js|php|sh|jar)$/, '');

  if (certain.has(name)) return { category: 'ddos', name, confidence: 0.8 };
  const line = rest.join(' ');
  if (name === 'start' && interpreted && rest.some((arg) => methods.has(arg))) {
    return { category: 'ddos', name: 'mhddos', confidence: 0.85 };
  }
  if (name === 'runner' && interpreted && /--(?:itarmy|vpn|http-methods|copies)\b|-t \d/.test(line)) {
    return { category: 'ddos', name: 'mhddos_proxy', confidence: 0.7 };
  }
  if (/^(?:hping3?|t50)$/.test(name) && rest.some((arg) => arg === '--flood' || arg === '--faster')) {
    return { category: 'ddos', name, confidence: 0.8 };
  }
  if (name === 'bombardier' && aimsOutside(rest)) return { category: 'ddos', name, confidence: 0.7 };
  if (loadGenerators.has(name) && aimsOutside(rest)) return { category: 'ddos', name, confidence: 0.3 };
  if (isTunnel(name, rest)) return { category: 'tunnel', name, confidence: 0.5 };
  if (proxyware.has(name) && line !== '') return { category: 'proxyware', name, confidence: 0.5 };
  if (/^(?:masscan|zmap|pnscan)$/.test(name) && rest.length > 0)
    return { category: 'hacking', name, confidence: 0.65 };
  return undefined;
}

/** Programs that do nothing else. */
const certain: ReadonlySet<string> = new Set(
  (
    'db1000n mhddos mhddos_proxy slowloris goloris goldeneye hulk torshammer xerxes pyloris slowhttptest ' +
    'ddos-ripper dripper uashield distress ufonet loic hoic rudy saphyra ddosify-attack stacheldraht thc-ssl-dos'
  ).split(' '),
);

/**
 * Sell the host's bandwidth to strangers, as their installation pages start them (2026-11). Users may want that;
 * who pays for the host seldom does.
 */
const proxyware: ReadonlySet<string> = new Set(
  'p2pclient peer2profit pawns-cli psclient honeygain earnapp traffmonetizer tm_cli repocket bitping'.split(
    ' ',
  ),
);

/** Opens this host to the outside, past whatever stands in between. */
function isTunnel(name: string, args: readonly string[]): boolean {
  switch (name) {
    case 'ngrok':
      return /^(?:http|tcp|tls|start)$/.test(args[0] ?? '');
    case 'cloudflared':
      return args.includes('tunnel') && args.includes('--url');
    case 'chisel':
      return args[0] === 'client' && args.some((arg) => arg.startsWith('R:'));
    case 'ssh':
    case 'autossh':
      return (
        args.some((arg) => /^-[A-Za-z]{0,6}R/.test(arg)) && args.some((arg) => /@[\w-]{1,63}\./.test(arg))
      );
    default:
      return false;
  }
}

/** Attack methods of MHDDoS, its second argument (MatrixTM/MHDDoS `start.py`, 2026-11). */
const methods: ReadonlySet<string> = new Set(
  (
    'CFB BYPASS GET POST OVH STRESS DYN SLOW HEAD NULL COOKIE PPS EVEN GSB DGB AVB BOT APACHE XMLRPC CFBUAM ' +
    'DOWNLOADER KILLER TOR RHEX STOMP TCP UDP SYN VSE MINECRAFT MCBOT CONNECTION CPS FIVEM TS3 MCPE ICMP OVH-UDP ' +
    'MEM NTP DNS ARD CLDAP CHAR RDP'
  ).split(' '),
);

/** Made for measuring one's own servers, and used otherwise. */
const loadGenerators: ReadonlySet<string> = new Set([
  'wrk',
  'wrk2',
  'siege',
  'hey',
  'ab',
  'vegeta',
  'h2load',
]);

/** Names a host that is not local. */
function aimsOutside(args: readonly string[]): boolean {
  return args.some((arg) => {
    const host = /^https?:\/\/([^/:?#\s]{1,253})/.exec(arg)?.[1];
    return (
      host?.includes('.') === true &&
      !/^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|\.(?:local|internal|svc|test)$/.test(host)
    );
  });
}

/** `/debug/pprof/`, which dockerd has without being asked for it: the index and what it was started with. */
import { apiHeaders, type Call } from '../api/call.ts';
import type { Route } from '../api/route.ts';

export const debugRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/debug/pprof/', handle: index, isUnversioned: true },
  { method: 'GET', pattern: '/debug/pprof/cmdline', handle: commandLine, isUnversioned: true },
  { method: 'GET', pattern: '/debug/pprof/symbol', handle: symbol, isUnversioned: true },
  { method: 'GET', pattern: '/debug/pprof/{name}', handle: unknown, isUnversioned: true },
];

const plain = [
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['X-Content-Type-Options', 'nosniff'],
] as const;

/** Names and descriptions of net/http/pprof, Go 1.19. */
const profiles: readonly (readonly [name: string, description: string])[] = [
  ['allocs', 'A sampling of all past memory allocations'],
  ['block', 'Stack traces that led to blocking on synchronization primitives'],
  ['cmdline', 'The command line invocation of the current program'],
  ['goroutine', 'Stack traces of all current goroutines'],
  [
    'heap',
    'A sampling of memory allocations of live objects. You can specify the gc GET parameter to run GC before taking the heap sample.',
  ],
  ['mutex', 'Stack traces of holders of contended mutexes'],
  [
    'profile',
    'CPU profile. You can specify the duration in the seconds GET parameter. After you get the profile file, use the go tool pprof command to investigate the profile.',
  ],
  ['threadcreate', 'Stack traces that led to the creation of new OS threads'],
  [
    'trace',
    'A trace of execution of the current program. You can specify the duration in the seconds GET parameter. After you get the trace file, use the go tool trace command to investigate the trace.',
  ],
];

function index({ exchange, engine }: Call): void {
  const random = engine.persona.random('docker/pprof');
  const samples = random.int(31, 190);
  const counts: Readonly<Record<string, number>> = {
    allocs: samples,
    heap: samples,
    goroutine: 38 + engine.containers.size * 4 + random.int(0, 20),
    threadcreate: random.int(10, 24),
  };
  const rows = profiles.map(
    ([name]) => `<tr><td>${counts[name] ?? 0}</td><td><a href='${name}?debug=1'>${name}</a></td></tr>\n`,
  );
  const items = profiles.map(
    ([name, description]) => `<li><div class=profile-name>${name}: </div> ${description}</li>\n`,
  );
  const page = `<html>
<head>
<title>/debug/pprof/</title>
<style>
.profile-name{
\tdisplay:inline-block;
\twidth:6rem;
}
</style>
</head>
<body>
/debug/pprof/<br>
<br>
Types of profiles available:
<table>
<thead><td>Count</td><td>Profile</td></thead>
${rows.join('')}</table>
<a href="goroutine?debug=2">full goroutine stack dump</a>
<br>
<p>
Profile Descriptions:
<ul>
${items.join('')}</ul>
</p>
</body>
</html>`;
  exchange.respond(
    200,
    [...apiHeaders, ['Content-Type', 'text/html; charset=utf-8'], ['X-Content-Type-Options', 'nosniff']],
    page,
  );
}

/** As the host's process table has it. */
function commandLine({ exchange, engine }: Call): void {
  const daemon = engine.host().processes.find(({ args }) => args[0]?.endsWith('/dockerd'));
  exchange.respond(200, [...apiHeaders, ...plain], (daemon?.args ?? ['/usr/sbin/dockerd']).join('\0'));
}

function symbol({ exchange }: Call): void {
  exchange.respond(200, [...apiHeaders, ...plain], 'num_symbols: 1\n');
}

function unknown({ exchange }: Call): void {
  exchange.respond(404, [...apiHeaders, ...plain, ['X-Go-Pprof', '1']], 'Unknown profile\n');
}

/** apt, apt-get, apt-cache and dpkg: transcripts of Debian 12, with packages whose programs are there afterwards. */
import type { Run } from '../../program.ts';
import { compile, matches } from '../../shell/expansion/pattern.ts';
import { type Package, packagesOf, statusOf } from '../../systems/package-files.ts';
import { now } from '../../world.ts';
import { Fault, latin, shortNameOf, type Tool } from '../tool.ts';
import { install, packageNamed, uninstall } from './available.ts';

const status = '/var/lib/dpkg/status';

/** Those of the image, and those that a visitor added. */
function installed(run: Run): Package[] {
  const base = packagesOf(run.world.persona, run.world.container !== undefined);
  const added = latin(run.files.exists(status) ? run.files.read(status) : new Uint8Array())
    .split('\n\n')
    .map((text) => ({
      name: field(text, 'Package'),
      version: field(text, 'Version'),
      architecture: field(text, 'Architecture'),
      description: field(text, 'Description'),
    }))
    .filter(({ name }) => name !== '' && !base.some((one) => one.name.replace(':amd64', '') === name));
  return [...base, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function field(text: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
}

function isInstalled(run: Run, name: string): Package | undefined {
  return installed(run).find((one) => one.name.replace(':amd64', '') === name);
}

const mirror = 'http://deb.debian.org/debian';

export const apt: Tool = async (run) => {
  const tool = shortNameOf(run);
  const words = run.args
    .slice(1)
    .filter((arg, index, all) => !arg.startsWith('-') && all[index - 1] !== '-o' && all[index - 1] !== '-t');
  const [verb, ...names] = words;
  const isQuiet = run.args.some((arg) => /^-q+|^--quiet/.test(arg));
  if (verb === undefined) {
    await run.stdout.write(`${tool} 2.6.1 (amd64)\nUsage: ${tool} [options] command\n`);
    return 1;
  }
  if (
    /^(update|install|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|clean|autoclean|build-dep)$/.test(
      verb,
    ) &&
    run.user.uid !== 0
  ) {
    const lock = verb === 'update' ? '/var/lib/apt/lists/lock' : '/var/lib/dpkg/lock-frontend';
    throw new Fault(
      `E: Could not open lock file ${lock} - open (13: Permission denied)\nE: Unable to ${verb === 'update' ? 'lock directory /var/lib/apt/lists/' : `acquire the dpkg frontend lock (${lock}), are you root?`}\n`,
      100,
    );
  }
  if (tool === 'apt' && !run.stdout.isTerminal)
    await run.stderr.write(
      '\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n',
    );
  switch (verb) {
    case 'update':
      return update(run, isQuiet);
    case 'install':
      return add(run, names);
    case 'remove':
    case 'purge':
      return remove(run, names);
    case 'upgrade':
    case 'dist-upgrade':
    case 'full-upgrade':
    case 'autoremove':
      await run.stdout.write(
        'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\nCalculating upgrade... Done\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n'.replace(
          verb === 'autoremove' ? 'Calculating upgrade... Done\n' : '\0',
          '',
        ),
      );
      return 0;
    case 'list':
      await run.stdout.write(
        `Listing... Done\n${installed(run)
          .map(
            ({ name, version, architecture }) =>
              `${name.replace(':amd64', '')}/stable,now ${version} ${architecture} [installed]\n`,
          )
          .join('')}`,
      );
      return 0;
    case 'clean':
    case 'autoclean':
      return 0;
    case 'policy':
    case 'show':
    case 'search':
      return about(run, verb, names);
    default:
      throw new Fault(`E: Invalid operation ${verb}\n`, 100);
  }
};

async function update(run: Run, isQuiet: boolean): Promise<number> {
  run.note({ kind: 'request', tool: 'apt', url: `${mirror}/dists/bookworm/InRelease` });
  await run.sleep(2500);
  const lines = [
    `Get:1 ${mirror} bookworm InRelease [151 kB]`,
    `Get:2 ${mirror} bookworm-updates InRelease [55.4 kB]`,
    'Get:3 http://deb.debian.org/debian-security bookworm-security InRelease [48.0 kB]',
    `Get:4 ${mirror} bookworm/main amd64 Packages [8793 kB]`,
    'Get:5 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages [259 kB]',
    'Fetched 9306 kB in 2s (4071 kB/s)',
    'Reading package lists... Done',
  ];
  if (!isQuiet || !run.args.includes('-qq'))
    await run.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

/** Most packages of one call. */
const mostPackages = 40;

async function add(run: Run, names: readonly string[]): Promise<number> {
  await run.stdout.write(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  );
  const wanted = names.slice(0, mostPackages);
  for (const name of wanted)
    if (packageNamed(name) === undefined && !name.endsWith('.deb'))
      throw new Fault(`E: Unable to locate package ${name}\n`, 100);
  const fresh = wanted
    .flatMap((name) => packageNamed(name) ?? [])
    .filter(({ name }) => isInstalled(run, name) === undefined);
  for (const name of wanted) {
    const old = isInstalled(run, name);
    if (old !== undefined)
      await run.stdout.write(`${name} is already the newest version (${old.version}).\n`);
  }
  if (fresh.length === 0) {
    await run.stdout.write('0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n');
    return 0;
  }
  const size = fresh.reduce((sum, one) => sum + one.size, 0);
  await run.stdout.write(
    `The following NEW packages will be installed:\n  ${fresh.map(({ name }) => name).join(' ')}\n0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\nNeed to get ${kib(size)} of archives.\nAfter this operation, ${kib(size * 3)} of additional disk space will be used.\n`,
  );
  if (!run.args.some((arg) => /^-\w*y|^--yes|^--assume-yes/.test(arg))) {
    await run.stdout.write('Do you want to continue? [Y/n] ');
    const answer = run.stdin.isTerminal ? await run.stdin.read() : undefined;
    if (answer === undefined || !/^\s*(y|$)/i.test(latin(answer))) {
      await run.stdout.write('Abort.\n');
      return 1;
    }
  }
  for (const [index, { name, version, size: kibibytes }] of fresh.entries()) {
    run.note({
      kind: 'request',
      tool: 'apt',
      url: `${mirror}/pool/main/${name[0]}/${name}/${name}_${version.replace(/^\d+:/, '')}_amd64.deb`,
    });
    await run.stdout.write(
      `Get:${index + 1} ${mirror} bookworm/main amd64 ${name} amd64 ${version} [${kib(kibibytes)}]\n`,
    );
  }
  await run.sleep(1200);
  await run.stdout.write(`Fetched ${kib(size)} in 1s (${kib(size)}/s)\n`);
  for (const { name, version } of fresh) {
    await run.stdout.write(
      `Selecting previously unselected package ${name}.\n(Reading database ... 34217 files and directories currently installed.)\nPreparing to unpack .../${name}_${version.replace(':', '%3a')}_amd64.deb ...\nUnpacking ${name} (${version}) ...\n`,
    );
    install(run, name);
    if (run.files.exists(status))
      run.files.write(
        status,
        Buffer.from(statusOf({ name, version, architecture: 'amd64', description: name })),
        { append: true, now: now(run.world) },
      );
  }
  await run.stdout.write(fresh.map(({ name, version }) => `Setting up ${name} (${version}) ...\n`).join(''));
  return 0;
}

function kib(size: number): string {
  const kilobytes = size * 1.024;
  return kilobytes >= 10_000 ? `${(kilobytes / 1000).toFixed(1)} MB` : `${Math.round(kilobytes)} kB`;
}

async function remove(run: Run, names: readonly string[]): Promise<number> {
  await run.stdout.write(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  );
  const old = names.flatMap((name) => isInstalled(run, name) ?? []);
  for (const name of names)
    if (isInstalled(run, name) === undefined)
      await run.stdout.write(
        packageNamed(name) === undefined ? '' : `Package '${name}' is not installed, so not removed\n`,
      );
  if (old.length > 0) {
    await run.stdout.write(
      `The following packages will be REMOVED:\n  ${old.map(({ name }) => name).join(' ')}\n`,
    );
    for (const { name, version } of old) {
      await run.stdout.write(`Removing ${name} (${version}) ...\n`);
      uninstall(run, name.replace(':amd64', ''));
    }
  }
  await run.stdout.write(`0 upgraded, 0 newly installed, ${old.length} to remove and 0 not upgraded.\n`);
  return 0;
}

async function about(run: Run, verb: string, names: readonly string[]): Promise<number> {
  for (const name of names) {
    const found = packageNamed(name);
    const old = isInstalled(run, name);
    if (verb === 'policy')
      await run.stdout.write(
        `${name}:\n  Installed: ${old?.version ?? '(none)'}\n  Candidate: ${found?.version ?? '(none)'}\n`,
      );
    else if (verb === 'show')
      await run.stdout.write(
        `Package: ${name}\nVersion: ${old?.version ?? found?.version ?? ''}\nPriority: optional\nSection: admin\n\n`,
      );
  }
  return 0;
}

export const dpkg: Tool = async (run) => {
  const [option = '', ...names] = run.args.slice(1);
  const list = installed(run);
  switch (option) {
    case '-l':
    case '--list': {
      const patterns = names.map((name) => compile(name));
      const shown = list.filter(
        ({ name }) =>
          patterns.length === 0 || patterns.some((pattern) => matches(pattern, name.replace(':amd64', ''))),
      );
      if (shown.length === 0) throw new Fault(`dpkg-query: no packages found matching ${names[0]}\n`, 1);
      const width = (of: (one: Package) => string): number =>
        Math.max(14, ...shown.map((one) => of(one).length));
      const [a, b] = [width(({ name }) => name), width(({ version }) => version)];
      const lines = shown.map(
        ({ name, version, architecture, description }) =>
          `ii  ${name.padEnd(a)} ${version.padEnd(b)} ${architecture.padEnd(12)} ${description}\n`,
      );
      await run.stdout.write(
        `Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ ${'Name'.padEnd(a)} ${'Version'.padEnd(b)} Architecture Description\n+++-${'='.repeat(a)}-${'='.repeat(b)}-============-${'='.repeat(40)}\n${lines.join('')}`,
      );
      return 0;
    }
    case '-s':
    case '--status': {
      const found = list.find(({ name }) => name.replace(':amd64', '') === names[0]);
      if (found === undefined)
        throw new Fault(
          `dpkg-query: package '${names[0]}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n`,
          1,
        );
      await run.stdout.write(statusOf(found).replace(/\n$/, ''));
      return 0;
    }
    case '--print-architecture':
      await run.stdout.write('amd64\n');
      return 0;
    case '--version':
      await run.stdout.write("Debian 'dpkg' package management program version 1.21.22 (amd64).\n");
      return 0;
    case '-i':
    case '--install':
      for (const path of names) {
        if (!run.files.exists(path))
          throw new Fault(`dpkg: error: cannot access archive '${path}': No such file or directory\n`, 2);
        throw new Fault(
          `dpkg-deb: error: '${path}' is not a Debian format archive\ndpkg: error processing archive ${path} (--install):\n dpkg-deb --control subprocess returned error exit status 2\nErrors were encountered while processing:\n ${path}\n`,
          1,
        );
      }
      return 0;
    case '-S':
    case '--search':
      throw new Fault(`dpkg-query: no path found matching pattern ${names[0]}\n`, 1);
    case '-r':
    case '-P':
    case '--remove':
    case '--purge':
      return remove(run, names);
    default:
      if (option === '') throw new Fault('dpkg: error: need an action option\n', 2);
      return 0;
  }
};

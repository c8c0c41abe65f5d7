/** apk, yum, dnf, rpm, pip, npm: the package managers of other systems and of languages. */
import { now } from '../../world.ts';
import { Fault, latin, shortNameOf, type Tool } from '../tool.ts';
import { install, packageNamed, uninstall } from './available.ts';

/** Most packages of one call. */
const mostPackages = 40;
const worldFile = '/etc/apk/world';
const base = [
  'alpine-baselayout-3.6.5-r0',
  'alpine-baselayout-data-3.6.5-r0',
  'alpine-keys-2.4-r1',
  'apk-tools-2.14.4-r1',
  'busybox-1.36.1-r29',
  'busybox-binsh-1.36.1-r29',
  'ca-certificates-bundle-20240705-r0',
  'libcrypto3-3.3.2-r0',
  'libssl3-3.3.2-r0',
  'musl-1.2.5-r0',
  'musl-utils-1.2.5-r0',
  'scanelf-1.3.7-r2',
  'ssl_client-1.36.1-r29',
  'zlib-1.3.1-r1',
];
const repository = 'https://dl-cdn.alpinelinux.org/alpine/v3.20';

export const apk: Tool = async (run) => {
  const words = run.args
    .slice(1)
    .filter(
      (arg, index, all) =>
        !arg.startsWith('-') && !/^(-X|--repository|-t|--virtual|-p|--root)$/.test(all[index - 1] ?? ''),
    );
  const [verb = '', ...names] = words;
  const isQuiet = run.args.some((arg) => arg === '-q' || arg === '--quiet');
  const say = (text: string): Promise<void> => (isQuiet ? Promise.resolve() : run.stdout.write(text));
  const fetchIndex = async (): Promise<void> => {
    run.note({ kind: 'request', tool: 'apk', url: `${repository}/main/x86_64/APKINDEX.tar.gz` });
    await run.sleep(700);
    await say(
      `fetch ${repository}/main/x86_64/APKINDEX.tar.gz\nfetch ${repository}/community/x86_64/APKINDEX.tar.gz\n`,
    );
  };
  if (/^(add|del|update|upgrade|fix)$/.test(verb) && run.user.uid !== 0)
    throw new Fault(
      'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n',
      99,
    );
  switch (verb) {
    case 'update':
      await fetchIndex();
      await say(
        'v3.20.6-87-gd8d5e6b5e8d [https://dl-cdn.alpinelinux.org/alpine/v3.20/main]\nv3.20.6-88-g3dc1e3e8a21 [https://dl-cdn.alpinelinux.org/alpine/v3.20/community]\nOK: 24168 distinct packages available\n',
      );
      return 0;
    case 'add': {
      if (names.length === 0) return 0;
      const found = names.slice(0, mostPackages).map((name) => ({ name, known: packageNamed(name) }));
      if (
        run.args.some((arg) => /^(--no-cache|-U|--update)/.test(arg)) ||
        !run.files.exists('/var/cache/apk/APKINDEX')
      )
        await fetchIndex();
      const bad = found.filter(({ known }) => known === undefined);
      if (bad.length > 0) {
        await run.stdout.write('ERROR: unable to select packages:\n');
        throw new Fault(
          bad.map(({ name }) => `  ${name} (no such package):\n    required by: world[${name}]\n`).join(''),
          bad.length,
        );
      }
      const old = latin(run.files.exists(worldFile) ? run.files.read(worldFile) : new Uint8Array()).split(
        '\n',
      );
      const fresh = found.flatMap(({ known }) => known ?? []).filter(({ name }) => !old.includes(name));
      for (const [index, { name, version }] of fresh.entries()) {
        run.note({
          kind: 'request',
          tool: 'apk',
          url: `${repository}/main/x86_64/${name}-${alpineVersion(version)}.apk`,
        });
        await say(`(${index + 1}/${fresh.length}) Installing ${name} (${alpineVersion(version)})\n`);
        install(run, name);
      }
      if (fresh.length > 0) {
        await say('Executing busybox-1.36.1-r29.trigger\n');
        if (run.files.exists(worldFile))
          run.files.write(worldFile, Buffer.from(fresh.map(({ name }) => `${name}\n`).join('')), {
            append: true,
            now: now(run.world),
          });
      }
      await say(
        `OK: ${8 + Math.ceil(fresh.reduce((sum, one) => sum + one.size, 0) / 400)} MiB in ${base.length + old.filter((line) => line !== '').length - 5 + fresh.length} packages\n`,
      );
      return 0;
    }
    case 'del':
      for (const [index, name] of names.entries()) {
        await say(`(${index + 1}/${names.length}) Purging ${name}\n`);
        uninstall(run, name);
      }
      await say(`OK: 8 MiB in ${base.length} packages\n`);
      return 0;
    case 'info':
    case 'list':
      await run.stdout.write(
        base
          .map(
            (name) =>
              `${verb === 'info' ? name.replace(/-[\d.]+-r\d+$/, '') : `${name} x86_64 {${name.replace(/-[\d.]+-r\d+$/, '')}} [installed]`}\n`,
          )
          .join(''),
      );
      return 0;
    case 'upgrade':
      await say('OK: 8 MiB in 14 packages\n');
      return 0;
    case 'search':
    case 'fix':
    case 'cache':
      return 0;
    default:
      if (run.args.includes('--version') || run.args.includes('-V')) {
        await run.stdout.write('apk-tools 2.14.4, compiled for x86_64.\n');
        return 0;
      }
      await run.stdout.write(
        'apk-tools 2.14.4, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n',
      );
      return 1;
  }
};

function alpineVersion(version: string): string {
  return /-r\d+$/.test(version) ? version : `${version.replace(/^\d+:/, '').replace(/[-+~].*$/, '')}-r1`;
}

export const yum: Tool = async (run) => {
  const words = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  const [verb = '', ...names] = words;
  if (/^(install|remove|erase|update|upgrade)$/.test(verb) && run.user.uid !== 0)
    throw new Fault('You need to be root to perform this command.\n', 1);
  const head = 'Loaded plugins: fastestmirror, ovl\n';
  switch (verb) {
    case 'install': {
      run.note({
        kind: 'request',
        tool: 'yum',
        url: 'http://mirrorlist.centos.org/?release=7&arch=x86_64&repo=os',
      });
      await run.sleep(2500);
      await run.stdout.write(
        `${head}Determining fastest mirrors\nResolving Dependencies\n--> Running transaction check\n`,
      );
      const found = names.slice(0, mostPackages).flatMap((name) => packageNamed(name) ?? []);
      if (found.length === 0) {
        await run.stdout.write(names.map((name) => `No package ${name} available.\n`).join(''));
        throw new Fault('Error: Nothing to do\n', 1);
      }
      for (const { name, version } of found) {
        await run.stdout.write(
          `---> Package ${name}.x86_64 0:${version.replace(/^\d+:/, '')} will be installed\n`,
        );
        install(run, name);
      }
      const lines = found.map(
        ({ name, version, size }) =>
          ` ${name.padEnd(24)} x86_64   ${version.replace(/^\d+:/, '').padEnd(24)} base    ${`${size} k`.padStart(8)}\n`,
      );
      await run.stdout.write(
        `--> Finished Dependency Resolution\n\nDependencies Resolved\n\n${'='.repeat(80)}\n Package                  Arch     Version                  Repository    Size\n${'='.repeat(80)}\nInstalling:\n${lines.join('')}\nTransaction Summary\n${'='.repeat(80)}\nInstall  ${found.length} Package${found.length === 1 ? '' : 's'}\n\nDownloading packages:\nRunning transaction check\nRunning transaction test\nTransaction test succeeded\nRunning transaction\n${found.map(({ name, version }, index) => `  Installing : ${name}-${version.replace(/^\d+:/, '')}.x86_64  ${index + 1}/${found.length} \n`).join('')}\nInstalled:\n${found.map(({ name, version }) => `  ${name}.x86_64 0:${version.replace(/^\d+:/, '')}\n`).join('')}\nComplete!\n`,
      );
      return 0;
    }
    case 'remove':
    case 'erase':
      for (const name of names) uninstall(run, name);
      await run.stdout.write(`${head}Resolving Dependencies\nComplete!\n`);
      return 0;
    case 'update':
    case 'upgrade':
    case 'makecache':
    case 'clean':
      await run.sleep(1500);
      await run.stdout.write(
        `${head}${verb === 'clean' ? 'Cleaning repos: base extras updates\n' : verb === 'makecache' ? 'Metadata Cache Created\n' : 'No packages marked for update\n'}`,
      );
      return 0;
    default:
      await run.stdout.write(
        `${head}You need to give some command\nUsage: ${shortNameOf(run)} [options] COMMAND\n`,
      );
      return 1;
  }
};

export const rpm: Tool = async (run) => {
  if (run.args.some((arg) => /^-\w*q\w*a/.test(arg)))
    await run.stdout.write(
      'bash-4.2.46-35.el7_9.x86_64\nglibc-2.17-326.el7_9.x86_64\ncoreutils-8.22-24.el7_9.2.x86_64\nyum-3.4.3-168.el7.centos.noarch\n',
    );
  return 0;
};

export const pip: Tool = async (run) => {
  const [verb = '', ...rest] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  const names = rest.filter((name) => !name.endsWith('.txt'));
  switch (verb) {
    case 'install': {
      if (names.length === 0)
        throw new Fault(
          'ERROR: You must give at least one requirement to install (see "pip help install")\n',
          1,
        );
      if (
        run.world.system === 'debian' &&
        run.world.container === undefined &&
        !run.args.includes('--break-system-packages')
      )
        throw new Fault(
          'error: externally-managed-environment\n\n× This environment is externally managed\n╰─> To install Python packages system-wide, try apt install\n    python3-xyz, where xyz is the package you are trying to\n    install.\n\nnote: If you believe this is a mistake, please contact your Python installation or OS distribution provider. You can override this, at the risk of breaking your Python installation or OS, by passing --break-system-packages.\nhint: See PEP 668 for the detailed specification.\n',
          1,
        );
      for (const name of names.slice(0, mostPackages)) {
        const plain = name.replace(/[=<>~!].*$/, '');
        const version =
          /==(.+)$/.exec(name)?.[1] ??
          `${run.world.persona.random(`pip/${plain}`).int(1, 4)}.${run.world.persona.random(`pip/${plain}/minor`).int(0, 30)}.0`;
        run.note({
          kind: 'request',
          tool: 'pip',
          url: /^https?:/.test(name) ? name : `https://pypi.org/simple/${plain}/`,
        });
        await run.stdout.write(
          `Collecting ${name}\n  Downloading ${plain.replace(/-/g, '_')}-${version}-py3-none-any.whl (64 kB)\nInstalling collected packages: ${plain}\nSuccessfully installed ${plain}-${version}\n`,
        );
      }
      await run.sleep(1500);
      return 0;
    }
    case 'list':
    case 'freeze':
      await run.stdout.write(
        verb === 'list'
          ? 'Package    Version\n---------- -------\npip        23.0.1\nsetuptools 66.1.1\nwheel      0.38.4\n'
          : 'wheel==0.38.4\n',
      );
      return 0;
    default:
      if (run.args.some((arg) => /^(--version|-V)$/.test(arg)))
        await run.stdout.write('pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)\n');
      return 0;
  }
};

export const npm: Tool = async (run) => {
  const [verb = '', ...names] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (run.args.some((arg) => /^(-v|--version)$/.test(arg))) await run.stdout.write('10.8.2\n');
  else if (/^(i|install|add|ci)$/.test(verb)) {
    for (const name of names.slice(0, mostPackages))
      run.note({
        kind: 'request',
        tool: 'npm',
        url: /^https?:/.test(name) ? name : `https://registry.npmjs.org/${name}`,
      });
    await run.sleep(2000);
    await run.stdout.write(`\nadded ${Math.max(1, names.length * 7)} packages in 2s\n`);
  }
  return 0;
};

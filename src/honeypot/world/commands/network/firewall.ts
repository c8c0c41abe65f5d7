/** iptables, ip6tables, nft, ufw: rules are taken, kept for the session's eyes, and filter nothing. */
import type { Run } from '../../program.ts';
import { runningContainers } from '../../systems/running-containers.ts';
import { now } from '../../world.ts';
import { Fault, latin, shortNameOf, type Tool } from '../tool.ts';

/** Where a world keeps the rules that a visitor added. */
const store = '/run/xtables.rules';

export const iptables: Tool = async (run) => {
  const name = shortNameOf(run);
  const args = run.args.slice(1);
  if (args.length === 0)
    throw new Fault(
      `${name} v1.8.9 (nf_tables): no command specified\nTry \`${name} -h' or '${name} --help' for more information.\n`,
      2,
    );
  if (args.includes('-V') || args.includes('--version')) {
    await run.stdout.write(`${name} v1.8.9 (nf_tables)\n`);
    return 0;
  }
  if (run.user.uid !== 0 || run.world.container?.privileged === false)
    throw new Fault(
      `${name} v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n`,
      4,
    );
  const table = args[args.findIndex((arg) => arg === '-t' || arg === '--table') + 1] ?? 'filter';
  const isTable = args.some((arg) => arg === '-t' || arg === '--table');
  const shownTable = isTable ? table : 'filter';
  if (args.some((arg) => /^-\w*[FXZ]|^--(flush|delete-chain|zero)/.test(arg))) {
    if (args.some((arg) => /^-\w*F|^--flush/.test(arg))) save(run, []);
    return 0;
  }
  if (args.some((arg) => /^-[AI]$|^--(append|insert)$/.test(arg))) {
    save(run, [...added(run), args.filter((arg) => !/^-w$/.test(arg)).join(' ')]);
    return 0;
  }
  if (args.some((arg) => /^-S|^--list-rules/.test(arg))) {
    await run.stdout.write(
      `-P INPUT ACCEPT\n-P FORWARD ${shownTable === 'filter' ? 'DROP' : 'ACCEPT'}\n-P OUTPUT ACCEPT\n${added(
        run,
      )
        .map((rule) => `${rule.replace(/^-I (\S+)( \d+)?/, '-A $1')}\n`)
        .join('')}`,
    );
    return 0;
  }
  if (args.some((arg) => /^-\w*L|^--list/.test(arg)))
    await run.stdout.write(
      listing(
        run,
        shownTable,
        args.some((arg) => /v/.test(arg) && arg.startsWith('-')),
      ),
    );
  return 0;
};

/** Most rules that are kept. */
const mostRules = 500;

function added(run: Run): string[] {
  return run.files.exists(store)
    ? latin(run.files.read(store))
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function save(run: Run, rules: readonly string[]): void {
  if (rules.length > mostRules) return;
  run.files.write(store, Buffer.from(rules.map((rule) => `${rule}\n`).join('')), {
    mode: 0o600,
    now: now(run.world),
  });
}

function listing(run: Run, table: string, isVerbose: boolean): string {
  const rules = added(run);
  const head = isVerbose
    ? ' pkts bytes target     prot opt in     out     source               destination         \n'
    : 'target     prot opt source               destination         \n';
  const chain = (name: string, policy: string, own: readonly string[]): string => {
    const lines = rules.filter((rule) => new RegExp(`^-[AI] ${name}\\b`).test(rule)).map(ruleLine);
    return `Chain ${name} (${policy}${isVerbose ? ' 0 packets, 0 bytes' : ''})\n${head}${own.join('')}${lines.join('')}\n`;
  };
  if (table === 'nat')
    return ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']
      .map((name) => chain(name, 'policy ACCEPT', []))
      .join('');
  const isServer = run.world.container === undefined && !isVerbose;
  const docker = isServer
    ? [
        'DOCKER-USER  all  --  anywhere             anywhere            \n',
        'DOCKER-ISOLATION-STAGE-1  all  --  anywhere             anywhere            \n',
      ]
    : [];
  const published = isServer
    ? runningContainers(run.world.persona, now(run.world)).flatMap(({ ports, address }) =>
        ports
          .filter(({ host }) => host !== undefined)
          .map(
            ({ inside }) =>
              `ACCEPT     tcp  --  anywhere             ${address.padEnd(20)} tcp dpt:${inside}\n`,
          ),
      )
    : [];
  const own = isServer
    ? `Chain DOCKER (1 references)\n${head}${published.join('')}\nChain DOCKER-USER (1 references)\n${head}RETURN     all  --  anywhere             anywhere            \n`
    : '';
  return `${chain('INPUT', 'policy ACCEPT', [])}${chain('FORWARD', isServer ? 'policy DROP' : 'policy ACCEPT', docker)}${chain('OUTPUT', 'policy ACCEPT', [])}${own}`.replace(
    /\n$/,
    own === '' ? '' : '\n',
  );
}

function ruleLine(rule: string): string {
  const value = (flag: string): string | undefined => new RegExp(`(?:^| )${flag} (\\S+)`).exec(rule)?.[1];
  const target = value('-j') ?? '';
  const protocol = value('-p') ?? 'all';
  const port = value('--dport');
  return `${target.padEnd(10)} ${protocol.padEnd(4)} --  ${(value('-s') ?? 'anywhere').padEnd(20)} ${(value('-d') ?? 'anywhere').padEnd(20)}${port === undefined ? '' : ` ${protocol} dpt:${port}`}\n`;
}

export const ufw: Tool = async (run) => {
  const [verb = ''] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (run.user.uid !== 0) throw new Fault('ERROR: You need to be root to run this script\n', 1);
  const said: Readonly<Record<string, string>> = {
    status: 'Status: inactive\n',
    disable: 'Firewall stopped and disabled on system startup\n',
    enable: 'Firewall is active and enabled on system startup\n',
    reload: 'Firewall not enabled (skipping reload)\n',
    allow: 'Rules updated\nRules updated (v6)\n',
    deny: 'Rules updated\nRules updated (v6)\n',
  };
  const text = said[verb];
  if (text === undefined) throw new Fault('ERROR: Invalid syntax\n', 1);
  await run.stdout.write(text);
  return 0;
};

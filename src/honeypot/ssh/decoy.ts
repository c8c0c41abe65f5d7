/** OpenSSH 9.2 of Debian 12: passwords and keys are taken down, commands and shells run in emulation, files are kept. */
import type { Connection, Decoy, Site } from '../decoy.ts';
import { ecdsaKey, ed25519Key, rsaKey } from '../persona/keys.ts';
import type { Persona } from '../persona/persona.ts';
import { accountFor, isGuessed, placeOfKey } from './door.ts';
import type { Attempt } from './protocol/authentication.ts';
import type { HostKeys } from './protocol/host-keys.ts';
import { serveSsh } from './protocol/server.ts';
import { openSession } from './session.ts';

export const decoy: Decoy = {
  name: 'ssh',
  ports: [{ name: 'ssh', speaksFirst: true }],
  events: {
    client: { severity: 'info', worth: 'noise' },
    auth: { severity: 'low', attack: ['T1110'], worth: 'evidence' },
    exec: { severity: 'high', attack: ['T1059.004'], worth: 'evidence' },
    'exec.result': { severity: 'medium', worth: 'evidence' },
    shell: { severity: 'medium', worth: 'talk' },
    'shell.input': { severity: 'high', attack: ['T1059.004'], worth: 'evidence' },
    'file.put': { severity: 'high', attack: ['T1105'], worth: 'evidence' },
    'file.change': { severity: 'medium', worth: 'talk' },
    forward: { severity: 'medium', attack: ['T1090'], worth: 'talk' },
  },
  start({ persona }: Site) {
    const keys = hostKeysOf(persona);
    // Updates of Debian 12's openssh, of which machines have one or the other (2024 to 2026).
    const update = persona.random('ssh/version').pick([3, 5, 6, 7, 10]);
    const banner = `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u${update}`;
    return (connection) => serve(connection, banner, keys);
  },
};

function hostKeysOf(persona: Persona): HostKeys {
  return {
    ed25519: ed25519Key(persona, 'ssh'),
    ecdsa: ecdsaKey(persona, 'ssh'),
    rsa: rsaKey(persona, 'ssh', 3072),
  };
}

function serve(connection: Connection, banner: string, hostKeys: HostKeys): void {
  let user = '';
  connection.stream.once('readable', () => connection.hurry());
  serveSsh(connection.stream, {
    banner,
    hostKeys,
    on: {
      client({ version, hassh, hasshAlgorithms }) {
        connection.relax();
        connection.identify({ ua: version.slice(0, 256), hassh });
        void connection.record('client', { data: { version, algorithms: hasshAlgorithms.slice(0, 4000) } });
      },
      async authenticate(attempt) {
        const entry = attempt.isEligible && entryOf(connection, attempt);
        if (entry !== false) user = attempt.user;
        await recordAttempt(connection, attempt, entry !== false);
        return entry;
      },
      session: (channel) => openSession(connection, channel, user),
      async connect(request) {
        await connection.record('forward', { texts: [], data: { ...request } });
        return 'Connection refused';
      },
      listen(request) {
        void connection.record('forward', { texts: [], data: { ...request } });
        return false;
      },
      closed: () => {},
    },
  });
}

/** Whether it opens, and what sshd says to whoever comes in by a key. */
function entryOf(
  { host }: Connection,
  { user, method, password = '', key }: Attempt,
): boolean | { readonly remarks: string[] } {
  const account = accountFor(host, user);
  if (account === undefined) return false;
  if (method === 'password') return isGuessed(user, password);
  if (method !== 'publickey' || key === undefined) return false;
  const place = placeOfKey(host, account, key.type, key.blob);
  if (place === undefined) return false;
  return { remarks: [`${place}: key options: agent-forwarding port-forwarding pty user-rc x11-forwarding`] };
}

async function recordAttempt(connection: Connection, attempt: Attempt, isAccepted: boolean): Promise<void> {
  const { user, method, password, key } = attempt;
  // How every client begins: it asks what there is. And of a key, whether it would do.
  if (method === 'none' || key?.signature === 'absent') return;
  await connection.record('auth', {
    texts: [],
    severity: isAccepted ? 'high' : 'low',
    attack: isAccepted ? ['T1078'] : [],
    data: {
      user: user.slice(0, 256),
      method,
      accepted: isAccepted,
      ...(password !== undefined && { password: password.slice(0, 1024) }),
      ...(key !== undefined && { key: { type: key.type, fingerprint: key.fingerprint } }),
    },
  });
}

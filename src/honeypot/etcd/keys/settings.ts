/** Keys of version 2 that applications of the persona left there: the network's, and settings of the project. */
import { planOf } from '../../cluster/plan.ts';
import type { Persona } from '../../persona/persona.ts';

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Paths and values. What they would open does not exist. */
export function settingsOf(persona: Persona): (readonly [path: string, value: string])[] {
  const plan = planOf(persona);
  const random = persona.random('etcd/settings');
  const { project } = plan;
  const password = random.text(letters, random.int(14, 20));
  const network = { Network: '10.244.0.0/16', SubnetLen: 24, Backend: { Type: 'vxlan', VNI: 1 } };
  const subnets = plan.nodes.map(({ address, subnet }) => {
    const mac = `5a:${random.hex(10).replace(/(..)(?=.)/g, '$1:')}`;
    const lease = { PublicIP: address, BackendType: 'vxlan', BackendData: { VNI: 1, VtepMAC: mac } };
    return [`/coreos.com/network/subnets/10.244.${subnet}.0-24`, JSON.stringify(lease)] as const;
  });
  return [
    ['/coreos.com/network/config', JSON.stringify(network)],
    ...subnets,
    [`/config/${project}/database/host`, `${project}-db.${persona.domain}`],
    [`/config/${project}/database/user`, project],
    [`/config/${project}/database/password`, password],
    [
      `/config/${project}/redis/url`,
      `redis://:${random.text(letters, 16)}@${project}-cache.${persona.domain}:6379/0`,
    ],
    [`/config/${project}/session_secret`, random.hex(48)],
    [`/config/${project}/log_level`, random.pick(['info', 'warn', 'debug'])],
    [`/services/${project}/${random.hex(12)}`, `${plan.nodes.at(-1)!.address}:${random.int(30_000, 32_767)}`],
  ];
}

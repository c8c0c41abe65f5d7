/** As much of /sys as tells what the machine is. */
import type { Persona } from '../../persona/persona.ts';
import type { Draft } from './draft.ts';

/** The first files that a visitor looks into, by their value. */
export function addSysfs(draft: Draft, persona: Persona): void {
  const { machine, network, cloud } = persona;
  const uuid = persona.random('dmi').uuid();
  const instance = `ec2${uuid.slice(3)}`;
  const dmi: Readonly<Record<string, readonly [string, number]>> = {
    bios_date: ['10/16/2017', 0o444],
    bios_vendor: ['Amazon EC2', 0o444],
    bios_version: ['1.0', 0o444],
    board_asset_tag: [cloud.instance, 0o444],
    board_vendor: ['Amazon EC2', 0o444],
    board_version: ['Not Specified', 0o444],
    chassis_asset_tag: ['Amazon EC2', 0o444],
    chassis_type: ['1', 0o444],
    chassis_vendor: ['Amazon EC2', 0o444],
    product_family: ['Not Specified', 0o444],
    product_name: [machine.type, 0o444],
    product_serial: [instance, 0o400],
    product_uuid: [instance, 0o400],
    product_version: ['Not Specified', 0o444],
    sys_vendor: ['Amazon EC2', 0o444],
  };
  for (const [name, [value, mode]] of Object.entries(dmi))
    draft.file(`/sys/devices/virtual/dmi/id/${name}`, `${value}\n`, { mode });
  draft.link('/sys/class/dmi/id', '../../devices/virtual/dmi/id');
  const faces: readonly (readonly [string, string, string, number])[] = [
    ['lo', 'virtual', '00:00:00:00:00:00', 65_536],
    [
      'docker0',
      'virtual',
      `02:42:${persona
        .random('interfaces')
        .hex(8)
        .replace(/(..)(?=.)/g, '$1:')}`,
      1500,
    ],
    ['ens5', 'pci0000:00/0000:00:05.0', network.mac, 9001],
  ];
  for (const [name, place, mac, mtu] of faces) {
    const folder = `/sys/devices/${place}/net/${name}`;
    draft.file(`${folder}/address`, `${mac}\n`);
    draft.file(`${folder}/mtu`, `${mtu}\n`);
    draft.file(`${folder}/operstate`, `${name === 'ens5' ? 'up' : name === 'lo' ? 'unknown' : 'down'}\n`);
    draft.file(`${folder}/speed`, name === 'ens5' ? '-1\n' : '');
    draft.link(`/sys/class/net/${name}`, `../../devices/${place}/net/${name}`);
  }
  const last = machine.cores - 1;
  for (const name of ['online', 'possible', 'present'])
    draft.file(`/sys/devices/system/cpu/${name}`, `0-${last}\n`);
  for (let core = 0; core < machine.cores; core++) {
    const folder = `/sys/devices/system/cpu/cpu${core}/topology`;
    draft.file(`${folder}/core_id`, `${core % (machine.cores / 2)}\n`);
    draft.file(`${folder}/physical_package_id`, '0\n');
  }
  draft.file('/sys/devices/system/cpu/vulnerabilities/meltdown', 'Mitigation: PTI\n');
  draft.file('/sys/devices/system/node/online', '0\n');
  draft.file('/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages', '0\n');
  draft.file('/sys/devices/system/node/node0/hugepages/hugepages-1048576kB/nr_hugepages', '0\n');
  draft.file('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', '0\n');
  draft.file('/sys/kernel/mm/transparent_hugepage/enabled', 'always [madvise] never\n');
  draft.file('/sys/module/msr/parameters/allow_writes', 'default\n');
  draft.file('/sys/block/nvme0n1/size', `${machine.diskGiB * 2_097_152}\n`);
  draft.file('/sys/block/nvme0n1/queue/rotational', '0\n');
  draft.file('/sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory hugetlb pids rdma misc\n');
  draft.file('/sys/fs/cgroup/cgroup.subtree_control', 'cpuset cpu io memory pids\n');
  for (const slice of ['system.slice', 'user.slice', 'init.scope'])
    draft.directory(`/sys/fs/cgroup/${slice}`);
  draft.directory('/sys/kernel/security');
  draft.directory('/sys/fs/bpf');
  draft.directory('/sys/firmware/efi');
}

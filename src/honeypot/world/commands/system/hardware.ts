/** lscpu, lsblk, lspci, dmidecode, dmesg: the hardware as Linux shows it on an instance of EC2. */
import type { Run } from '../../program.ts';
import { kernelCommandLine } from '../../systems/proc/kernel.ts';
import { partitionsOf, versionOf } from '../../systems/proc/machine-files.ts';
import { flagsOf } from '../../systems/proc/processor.ts';
import { optionsOf } from '../options.ts';
import { humanSize } from '../size.ts';
import { fault, type Tool } from '../tool.ts';

export const lscpu: Tool = async (run) => {
  const { persona } = run.world;
  const { cores, processor } = persona.machine;
  const isIntel = processor.vendor === 'GenuineIntel';
  const half = cores / 2;
  const instances = `(${half} instance${half === 1 ? '' : 's'})`;
  const mitigations: readonly (readonly [string, string])[] = [
    ['Gather data sampling', isIntel ? 'Unknown: Dependent on hypervisor status' : 'Not affected'],
    ['Itlb multihit', isIntel ? 'KVM: Mitigation: VMX unsupported' : 'Not affected'],
    ['L1tf', isIntel ? 'Mitigation; PTE Inversion' : 'Not affected'],
    [
      'Mds',
      isIntel
        ? 'Vulnerable: Clear CPU buffers attempted, no microcode; SMT Host state unknown'
        : 'Not affected',
    ],
    ['Meltdown', isIntel ? 'Mitigation; PTI' : 'Not affected'],
    [
      'Mmio stale data',
      isIntel
        ? 'Vulnerable: Clear CPU buffers attempted, no microcode; SMT Host state unknown'
        : 'Not affected',
    ],
    [
      'Retbleed',
      isIntel ? 'Vulnerable' : 'Mitigation; untrained return thunk; SMT enabled with STIBP protection',
    ],
    ['Spec rstack overflow', isIntel ? 'Not affected' : 'Mitigation; safe RET'],
    ['Spec store bypass', isIntel ? 'Vulnerable' : 'Mitigation; Speculative Store Bypass disabled via prctl'],
    ['Spectre v1', 'Mitigation; usercopy/swapgs barriers and __user pointer sanitization'],
    ['Spectre v2', 'Mitigation; Retpolines; STIBP disabled; RSB filling'],
    ['Srbds', 'Not affected'],
    ['Tsx async abort', 'Not affected'],
  ];
  const lines: readonly (readonly [string, string | number])[] = [
    ['Architecture', 'x86_64'],
    ['CPU op-mode(s)', '32-bit, 64-bit'],
    ['Address sizes', isIntel ? '46 bits physical, 48 bits virtual' : '48 bits physical, 48 bits virtual'],
    ['Byte Order', 'Little Endian'],
    ['CPU(s)', cores],
    ['On-line CPU(s) list', cores === 2 ? '0,1' : `0-${cores - 1}`],
    ['Vendor ID', processor.vendor],
    ['Model name', processor.name],
    ['CPU family', processor.family],
    ['Model', processor.model],
    ['Thread(s) per core', 2],
    ['Core(s) per socket', half],
    ['Socket(s)', 1],
    ['Stepping', processor.stepping],
    ['BogoMIPS', (Math.floor(processor.mhz * 200) / 100).toFixed(2)],
    ['Flags', flagsOf(persona)],
    ['Hypervisor vendor', 'KVM'],
    ['Virtualization type', 'full'],
    ['L1d cache', `${humanSize(half * 32_768)}iB`.replace(/^(\d+)K/, '$1 K') + ` ${instances}`],
    ['L1i cache', `${humanSize(half * 32_768)}iB`.replace(/^(\d+)K/, '$1 K') + ` ${instances}`],
    ['L2 cache', `${isIntel ? half : half * 0.5} MiB ${instances}`],
    ['L3 cache', isIntel ? `${processor.cacheKiB / 1024} MiB (1 instance)` : '16 MiB (1 instance)'],
    ['NUMA node(s)', 1],
    ['NUMA node0 CPU(s)', cores === 2 ? '0,1' : `0-${cores - 1}`],
    ...mitigations.map(([name, said]) => [`Vulnerability ${name}`, said] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 1;
  await run.stdout.write(lines.map(([name, value]) => `${`${name}:`.padEnd(width)} ${value}\n`).join(''));
  return 0;
};

export const lsblk: Tool = async (run) => {
  const [disk, root, bios, efi] = partitionsOf(run.world);
  const size = ([, , kib]: readonly [string, number, number] | undefined = ['', 0, 0]): string =>
    humanSize(kib * 1024)
      .replace('.0', '')
      .padStart(6);
  const number = ([, minor]: readonly [string, number, number] | undefined = ['', 0, 0]): string =>
    `259:${minor}`.padEnd(7);
  const isInside = run.world.container !== undefined;
  await run.stdout.write(
    `NAME         MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\nnvme0n1      ${number(disk)}  0 ${size(disk)}  0 disk \n├─nvme0n1p1  ${number(root)}  0 ${size(root)}  0 part ${isInside ? '/etc/hosts' : '/'}\n├─nvme0n1p14 ${number(bios)}  0 ${size(bios)}  0 part \n└─nvme0n1p15 ${number(efi)}  0 ${size(efi)}  0 part ${isInside ? '' : '/boot/efi'}\n`,
  );
  return 0;
};

export const blkid: Tool = async (run) => {
  const random = run.world.persona.random('etc');
  random.hex(32);
  await run.stdout.write(
    `/dev/nvme0n1p1: UUID="${run.world.persona.random('etc').uuid()}" BLOCK_SIZE="4096" TYPE="ext4" PARTUUID="${run.world.persona.random('partition').uuid()}"\n`,
  );
  return 0;
};

export const lspci: Tool = async (run) => {
  await run.stdout.write(
    '00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma]\n00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA [Natoma/Triton II]\n00:01.3 Non-VGA unclassified device: Intel Corporation 82371AB/EB/MB PIIX4 ACPI (rev 08)\n00:03.0 VGA compatible controller: Amazon.com, Inc. Device 1111\n00:04.0 Non-Volatile memory controller: Amazon.com, Inc. NVMe EBS Controller\n00:05.0 Ethernet controller: Amazon.com, Inc. Elastic Network Adapter (ENA)\n',
  );
  return 0;
};

export const dmidecode: Tool = async (run, flavour) => {
  if (run.user.uid !== 0) throw fault(run, '/dev/mem: Permission denied');
  const options = optionsOf(run, flavour, {
    short: 'd:hqs:t:uV',
    long: { 'string=': 's', 'type=': 't', quiet: 'q' },
  });
  const { machine, cloud, random } = run.world.persona;
  const uuid = `ec2${random('dmi').uuid().slice(3)}`;
  const values: Readonly<Record<string, string>> = {
    'bios-vendor': 'Amazon EC2',
    'bios-version': '1.0',
    'bios-release-date': '10/16/2017',
    'system-manufacturer': 'Amazon EC2',
    'system-product-name': machine.type,
    'system-version': 'Not Specified',
    'system-serial-number': uuid,
    'system-uuid': uuid,
    'baseboard-manufacturer': 'Amazon EC2',
    'baseboard-asset-tag': cloud.instance,
    'chassis-manufacturer': 'Amazon EC2',
  };
  const name = options.value('s');
  if (name !== undefined) {
    await run.stdout.write(`${values[name] ?? 'Not Specified'}\n`);
    return 0;
  }
  await run.stdout.write(
    `# dmidecode 3.4\nGetting SMBIOS data from sysfs.\nSMBIOS 2.7 present.\n\nHandle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n\tVendor: Amazon EC2\n\tVersion: 1.0\n\tRelease Date: 10/16/2017\n\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: Amazon EC2\n\tProduct Name: ${machine.type}\n\tVersion: Not Specified\n\tSerial Number: ${uuid}\n\tUUID: ${uuid}\n\tWake-up Type: Power Switch\n\tSKU Number: Not Specified\n\tFamily: Not Specified\n\n`,
  );
  return 0;
};

export const dmesg: Tool = async (run) => {
  if (run.user.uid !== 0 || run.world.container?.privileged === false)
    throw fault(run, 'read kernel buffer failed: Operation not permitted');
  if (run.args.some((arg) => /^-[cC]$|^--clear$/.test(arg))) return 0;
  await run.stdout.write(
    kernelLog(run)
      .map(([time, text]) => `[${time.toFixed(6).padStart(12)}] ${text}\n`)
      .join(''),
  );
  return 0;
};

function kernelLog({ world }: Run): readonly (readonly [number, string])[] {
  const { persona } = world;
  const { machine } = persona;
  const random = persona.random('dmesg');
  let time = 0;
  const next = (most: number): number => {
    time += random.int(1, most) / 1_000_000;
    return time;
  };
  return [
    [0, versionOf(world).trim()],
    [0, `Command line: ${kernelCommandLine(persona)}`],
    [0, 'BIOS-provided physical RAM map:'],
    [0, 'BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable'],
    [0, 'NX (Execute Disable) protection: active'],
    [0, 'SMBIOS 2.7 present.'],
    [0, `DMI: Amazon EC2 ${machine.type}/, BIOS 1.0 10/16/2017`],
    [0, 'Hypervisor detected: KVM'],
    [0, 'kvm-clock: Using msrs 4b564d01 and 4b564d00'],
    [next(9), 'kvm-clock: using sched offset of 5871634217 cycles'],
    [next(20), `tsc: Detected ${machine.processor.mhz.toFixed(3)} MHz processor`],
    [
      next(40_000),
      `Memory: ${machine.memoryKiB - 190_000}K/${machine.memoryKiB + 310_000}K available (14342K kernel code, 2333K rwdata, 9060K rodata, 2796K init, 17404K bss, 500152K reserved, 0K cma-reserved)`,
    ],
    [
      next(90_000),
      `smpboot: CPU0: ${machine.processor.name} (family: 0x6, model: 0x55, stepping: 0x${machine.processor.stepping})`,
    ],
    [next(90_000), `smp: Brought up 1 node, ${machine.cores} CPUs`],
    [next(900_000), 'nvme nvme0: pci function 0000:00:04.0'],
    [next(90_000), `nvme nvme0: ${Math.min(machine.cores, 8)}/0/0 default/read/poll queues`],
    [next(30_000), ' nvme0n1: p1 p14 p15'],
    [
      next(90_000),
      'ena 0000:00:05.0: Elastic Network Adapter (ENA) found at mem febf4000, mac addr ' +
        persona.network.mac,
    ],
    [next(900_000), 'EXT4-fs (nvme0n1p1): mounted filesystem with ordered data mode. Quota mode: none.'],
    [next(900_000), 'systemd[1]: Detected virtualization amazon.'],
    [next(90_000), 'systemd[1]: Detected architecture x86-64.'],
    [next(20_000), `systemd[1]: Hostname set to <${persona.hostname}>.`],
    [next(900_000), 'EXT4-fs (nvme0n1p1): re-mounted. Quota mode: none.'],
    [next(900_000), 'ena 0000:00:05.0 ens5: renamed from eth0'],
    [
      next(2_900_000),
      'bridge: filtering via arp/ip/ip6tables is no longer available by default. Update your scripts to load br_netfilter if you need this.',
    ],
    [next(900_000), 'Bridge firewalling registered'],
    [next(900_000), 'Initializing XFRM netlink socket'],
  ];
}

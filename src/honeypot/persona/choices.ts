/** What personas choose from: kernels, machines and names as they are found in clouds. */

export interface Kernel {
  /** `uname -r`. */
  readonly release: string;
  /** `uname -v`. */
  readonly version: string;
  /** As in /proc/version, the compiler that made it. */
  readonly compiler: string;
  readonly released: string;
}

/** Debian 12's cloud kernels: ABI number, package version, date (Debian's changelog of `linux`, 2024 and 2025). */
const debian12: readonly (readonly [number, string, string])[] = [
  [21, '6.1.90-1', '2024-05-03'],
  [22, '6.1.94-1', '2024-06-21'],
  [23, '6.1.99-1', '2024-07-15'],
  [25, '6.1.106-3', '2024-08-26'],
  [26, '6.1.112-1', '2024-09-30'],
  [27, '6.1.115-1', '2024-11-01'],
  [28, '6.1.119-1', '2024-11-22'],
  [29, '6.1.123-1', '2025-01-02'],
  [30, '6.1.124-1', '2025-01-12'],
  [31, '6.1.128-1', '2025-02-07'],
  [32, '6.1.129-1', '2025-03-06'],
  [33, '6.1.133-1', '2025-04-10'],
  [34, '6.1.135-1', '2025-04-25'],
  [35, '6.1.137-1', '2025-05-07'],
  [37, '6.1.140-1', '2025-05-22'],
];

export const kernels: readonly Kernel[] = debian12.map(([abi, version, released]) => ({
  release: `6.1.0-${abi}-cloud-amd64`,
  version: `#1 SMP PREEMPT_DYNAMIC Debian ${version} (${released})`,
  compiler:
    '(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)',
  released,
}));

export interface Machine {
  /** Of AWS. */
  readonly type: string;
  readonly cores: number;
  /** As `free` shows in total: what the type has, less what the kernel keeps. */
  readonly memoryKiB: number;
  readonly diskGiB: number;
  readonly processor: {
    readonly vendor: 'GenuineIntel' | 'AuthenticAMD';
    readonly name: string;
    readonly family: number;
    readonly model: number;
    readonly stepping: number;
    readonly mhz: number;
    readonly cacheKiB: number;
  };
}

const cascadeLake = {
  vendor: 'GenuineIntel',
  name: 'Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz',
  family: 6,
  model: 85,
  stepping: 7,
  mhz: 2499.998,
  cacheKiB: 36_608,
} as const;
const skylake = {
  vendor: 'GenuineIntel',
  name: 'Intel(R) Xeon(R) Platinum 8124M CPU @ 3.00GHz',
  family: 6,
  model: 85,
  stepping: 4,
  mhz: 2999.998,
  cacheKiB: 25_344,
} as const;
const epyc = {
  vendor: 'AuthenticAMD',
  name: 'AMD EPYC 7R32',
  family: 23,
  model: 49,
  stepping: 0,
  mhz: 2799.998,
  cacheKiB: 512,
} as const;

/** Types and their size: AWS EC2 instance types, 2022. */
export const machines: readonly Machine[] = [
  { type: 't3.large', cores: 2, memoryKiB: 8_002_304, diskGiB: 30, processor: cascadeLake },
  { type: 't3.xlarge', cores: 4, memoryKiB: 16_166_912, diskGiB: 50, processor: cascadeLake },
  { type: 'm5.xlarge', cores: 4, memoryKiB: 15_991_808, diskGiB: 80, processor: cascadeLake },
  { type: 'm5.2xlarge', cores: 8, memoryKiB: 32_386_048, diskGiB: 100, processor: cascadeLake },
  { type: 'c5.xlarge', cores: 4, memoryKiB: 7_927_808, diskGiB: 40, processor: skylake },
  { type: 'c5.2xlarge', cores: 8, memoryKiB: 15_987_712, diskGiB: 60, processor: skylake },
  { type: 'c5a.2xlarge', cores: 8, memoryKiB: 15_994_880, diskGiB: 60, processor: epyc },
  { type: 'c5a.4xlarge', cores: 16, memoryKiB: 32_386_560, diskGiB: 120, processor: epyc },
];

export const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-southeast-1',
  'ap-northeast-1',
  'ap-south-1',
  'sa-east-1',
  'ca-central-1',
] as const;

export const serverNames = [
  'api',
  'app',
  'backend',
  'billing',
  'build',
  'cache',
  'ci',
  'data',
  'docker',
  'etl',
  'gateway',
  'jobs',
  'k8s',
  'mail',
  'metrics',
  'node',
  'orders',
  'queue',
  'search',
  'stage',
  'web',
  'worker',
] as const;

export const projectNames = [
  'orders',
  'shop',
  'portal',
  'billing',
  'tracker',
  'reports',
  'media',
  'auth',
  'fleet',
  'ledger',
  'crm',
  'booking',
  'catalog',
  'search',
  'mailer',
  'wallet',
] as const;

export const placeNames = [
  'acorn',
  'alder',
  'atlas',
  'birch',
  'cedar',
  'comet',
  'delta',
  'ember',
  'falcon',
  'garnet',
  'harbor',
  'hazel',
  'iris',
  'juno',
  'kestrel',
  'lark',
  'maple',
  'nova',
  'onyx',
  'pine',
  'quartz',
  'raven',
  'sable',
  'tundra',
  'umber',
  'vega',
  'willow',
  'zephyr',
] as const;

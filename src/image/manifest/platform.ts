/**
 * Platforms as docker and containerd name them: many spellings of few machines, and which image of an index
 * serves a wanted machine. Follows containerd's `platforms` package 1.0 (2024).
 */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';

/** Normalised: lower case, docker's names; `variant` is empty for `arm64` v8 and `amd64` v1. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

/** Reads `os/arch[/variant]`.
 *  @throws WaterguardError `usage` */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [os = '', architecture = '', variant = ''] = parts;
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^[\w.-]{1,64}$/.test(part))) {
    throw new WaterguardError(
      'usage',
      `${printable(text, 80)} is not a platform. Write os/arch or os/arch/variant, such as linux/amd64 or linux/arm/v7.`,
    );
  }
  return normalPlatform(os, architecture, variant);
}

export function normalPlatform(os: string, architecture: string, variant: string): Platform {
  const system = os.toLowerCase() === 'macos' ? 'darwin' : os.toLowerCase();
  return { os: system, ...normalMachine(architecture.toLowerCase(), variant.toLowerCase()) };
}

function normalMachine(machine: string, variant: string): Omit<Platform, 'os'> {
  switch (machine) {
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: variant === 'v1' ? '' : variant };
    case 'aarch64':
    case 'arm64':
      return { architecture: 'arm64', variant: variant === '8' || variant === 'v8' ? '' : variant };
    case 'i386':
      return { architecture: '386', variant: '' };
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { architecture: 'arm', variant: 'v6' };
    case 'arm':
      return { architecture: 'arm', variant: variant === '' ? 'v7' : variant.replace(/^(?=\d)/, 'v') };
    default:
      return { architecture: machine, variant };
  }
}

/** `os/arch[/variant]`, printable; parts that an image leaves out are `unknown`. */
export function platformText(platform: Platform): string {
  const parts = [platform.os || 'unknown', platform.architecture || 'unknown'];
  if (platform.variant !== '') parts.push(platform.variant);
  return printable(parts.join('/'), 100);
}

/**
 * How well an image built for `offered` serves a machine that is `wanted`: 0 not at all, higher is better.
 * A machine runs what was built for its own or an older variant (arm/v7 runs v6); a newer variant is taken
 * only where nothing else is offered, because looking at an image needs no machine.
 */
export function fitness(offered: Platform, wanted: Platform): number {
  if (offered.os !== wanted.os || offered.architecture !== wanted.architecture) return 0;
  const want = variantNumber(wanted.variant);
  const offer = variantNumber(offered.variant);
  if (offered.variant === wanted.variant) return 100;
  if (offer <= want) return 50 + offer;
  return 1;
}

/** 7 for `v7`; 0 where there is none. Bounded, so that it orders below an exact match. */
function variantNumber(variant: string): number {
  const digits = /^v(\d{1,2})/.exec(variant)?.[1];
  return digits === undefined ? 0 : Math.min(Number(digits), 40);
}

/** Packages of Debian: their list, as dpkg knows it, and the files that each of them leaves behind. */
import type { Persona } from '../../persona/persona.ts';
import { debianPackages } from './debian-packages.ts';
import type { Draft } from './draft.ts';
import { filler } from './program-file.ts';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly description: string;
}

/** @param isSlim only what a container of debian:12 has */
export function packagesOf(persona: Persona, isSlim: boolean): readonly Package[] {
  const version = /Debian (\S+)/.exec(persona.kernel.version)?.[1] ?? '';
  return debianPackages
    .replaceAll('{kernel}', persona.kernel.release)
    .replaceAll('{version}', version)
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, , , mark]) => !isSlim || mark === '+')
    .map(([name = '', version = '', architecture = '', , description = '']) => ({
      name,
      version,
      architecture,
      description,
    }));
}

/** What /var/lib/dpkg/status says of one. */
export function statusOf({ name, version, architecture, description }: Package): string {
  const [plain] = name.split(':');
  return `Package: ${plain}\nStatus: install ok installed\nPriority: optional\nArchitecture: ${architecture}\nVersion: ${version}\nDescription: ${description}\n\n`;
}

export function addPackageFiles(draft: Draft, persona: Persona, isSlim: boolean): void {
  const packages = packagesOf(persona, isSlim);
  const status = packages.map(statusOf).join('');
  draft.file('/var/lib/dpkg/status', status);
  draft.file('/var/lib/dpkg/available', '');
  for (const { name } of packages) {
    const folder = `/usr/share/doc/${name.replace(':amd64', '')}`;
    const draw = persona.random(`package/${name}`);
    const sizes = [draw.int(900, 9_000), draw.int(700, 40_000), draw.int(200, 4_000)];
    for (const [index, path] of [
      `${folder}/copyright`,
      `${folder}/changelog.Debian.gz`,
      `/var/lib/dpkg/info/${name}.list`,
    ].entries())
      draft.file(path, filler(persona, path, sizes[index]!));
  }
}

/** What instructions that only set something make of an image's config: in builds, `commit --change` and `import --change`. */
import type { ContainerConfig } from '../engine/config.ts';
import { configOf } from '../engine/config.ts';
import { badRequest } from '../engine/failure.ts';
import { sorted } from '../json/encode.ts';
import { type Instruction, parseDockerfile, wordsOf } from './dockerfile.ts';

/** @param changes lines as `CMD ["sh"]`. @throws DockerError 400 */
export function applyChanges(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  const lines = changes.map((one) => one.trim()).filter((one) => one !== '');
  if (lines.length === 0) return config;
  let changed = config;
  for (const instruction of parseDockerfile(lines.join('\n'))) {
    const next = applyInstruction(changed, instruction, instruction.text);
    if (next === undefined) throw badRequest(`${instruction.name} is not a valid change command`);
    changed = next;
  }
  return changed;
}

/**
 * @param text of the instruction, variables put in
 * @returns undefined for instructions that do more
 */
export function applyInstruction(
  config: ContainerConfig,
  { name, list }: Instruction,
  text: string,
): ContainerConfig | undefined {
  const shell = config.Shell ?? ['/bin/sh', '-c'];
  const command = list ?? (text === '' ? [] : [...shell, text]);
  switch (name) {
    case 'CMD':
      return configOf({ ...config, Cmd: command });
    case 'ENTRYPOINT':
      return configOf({
        ...config,
        Entrypoint: command,
        Cmd: config.Entrypoint === null ? null : config.Cmd,
      });
    case 'ENV':
      return configOf({ ...config, Env: withVariables(config.Env ?? [], pairsOf(text)) });
    case 'LABEL':
      return configOf({
        ...config,
        Labels: sorted({ ...config.Labels, ...Object.fromEntries(pairsOf(text)) }),
      });
    case 'EXPOSE': {
      const ports = wordsOf(text).map((port) => [port.includes('/') ? port : `${port}/tcp`, {}]);
      return configOf({
        ...config,
        ExposedPorts: sorted({ ...config.ExposedPorts, ...Object.fromEntries(ports) }),
      });
    }
    case 'VOLUME': {
      const volumes = (list ?? wordsOf(text)).map((path) => [path, {}]);
      return configOf({ ...config, Volumes: sorted({ ...config.Volumes, ...Object.fromEntries(volumes) }) });
    }
    case 'USER':
      return configOf({ ...config, User: text });
    case 'WORKDIR':
      return configOf({
        ...config,
        WorkingDir: text.startsWith('/') ? text : `${config.WorkingDir.replace(/\/$/, '')}/${text}`,
      });
    case 'STOPSIGNAL':
      return configOf({ ...config, StopSignal: text });
    case 'SHELL':
      return configOf({ ...config, Shell: list ?? shell });
    case 'ONBUILD':
      return configOf({ ...config, OnBuild: [...(config.OnBuild ?? []), text] });
    case 'HEALTHCHECK':
      return configOf({
        ...config,
        Healthcheck: {
          Test: text.startsWith('NONE') ? ['NONE'] : ['CMD-SHELL', text.replace(/^CMD\s+/, '')],
        },
      });
    case 'MAINTAINER':
      return config;
    default:
      return undefined;
  }
}

/** `A=b C="d e"`, or the old `A b`. */
function pairsOf(text: string): [string, string][] {
  const words = wordsOf(text);
  if (words[0]?.includes('=') !== true) {
    const gap = text.search(/\s/);
    return gap < 0 ? [] : [[text.slice(0, gap), text.slice(gap).trim()]];
  }
  return words.map((word) => {
    const equals = word.indexOf('=');
    return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
  });
}

function withVariables(env: readonly string[], pairs: readonly (readonly [string, string])[]): string[] {
  const all = [...env];
  for (const [name, value] of pairs) {
    const at = all.findIndex((one) => one.startsWith(`${name}=`));
    if (at < 0) all.push(`${name}=${value}`);
    else all[at] = `${name}=${value}`;
  }
  return all;
}

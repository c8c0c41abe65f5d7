/**
 * The release that the cluster plays: 1.27, as kubeadm installs it. All that answers (groups, columns, defaults, flags)
 * is of this minor; the patch level is the persona's.
 */
import type { Persona } from './persona.ts';

export interface Release {
  /** `v1.27.4`. */
  readonly version: string;
  readonly commit: string;
  readonly built: string;
  readonly go: string;
}

/** As `kubectl version` shows servers of these releases (dl.k8s.io, linux/amd64). */
const releases: readonly Release[] = [
  {
    version: 'v1.27.2',
    commit: '7f6f68fdabc4df88cfea2dcf9a19b2b830f1e647',
    built: '2023-05-17T14:13:28Z',
    go: 'go1.20.4',
  },
  {
    version: 'v1.27.3',
    commit: '25b4e43193bcda6c7328a6d147b1fb73a33f1598',
    built: '2023-06-14T09:47:40Z',
    go: 'go1.20.5',
  },
  {
    version: 'v1.27.4',
    commit: 'fa3d7990104d7c1f16943a67f11b154b71f6a132',
    built: '2023-07-19T12:14:49Z',
    go: 'go1.20.6',
  },
  {
    version: 'v1.27.16',
    commit: 'cbb86e0d7f4a049666fac0551e8b02ef3d6c3d9a',
    built: '2024-07-17T01:44:26Z',
    go: 'go1.22.5',
  },
];

export function releaseOf(persona: Persona): Release {
  return persona.random('kubernetes/release').pick(releases);
}

/** As /version tells it. */
export function versionInfo({ version, commit, built, go }: Release): Readonly<Record<string, string>> {
  return {
    major: '1',
    minor: '27',
    gitVersion: version,
    gitCommit: commit,
    gitTreeState: 'clean',
    buildDate: built,
    goVersion: go,
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

/** How far the place that a command downloads from speaks for or against it. */
import { parseIp } from '../../indicator/ip.ts';

/**
 * `official`: the documented installer of a well-known project, over HTTPS. `named`: any other name over HTTPS.
 * `hosted`: anyone's corner of a host that all trust, such as a gist.
 * `plain`: a name without TLS, so that anyone on the way can change the content. `address`: a bare public
 * address. `anonymous`: paste sites, file drops, tunnels, hidden services. `local`: this host or a private
 * network. `variable`: not known before it runs.
 */
export type Origin =
  | 'local'
  | 'official'
  | 'variable'
  | 'named'
  | 'hosted'
  | 'plain'
  | 'address'
  | 'anonymous';

/** From the most to the least trusted; a command is judged by the worst of its URLs. */
const order: readonly Origin[] = [
  'local',
  'official',
  'variable',
  'named',
  'hosted',
  'plain',
  'address',
  'anonymous',
];

export function worstOrigin(urls: readonly string[]): Origin {
  let worst: Origin | undefined;
  for (const url of urls) {
    const origin = originOf(url);
    if (worst === undefined || order.indexOf(origin) > order.indexOf(worst)) worst = origin;
  }
  return worst ?? 'variable';
}

/** @param url as written behind curl or wget, the scheme may be missing (then HTTP, as both take it) */
export function originOf(url: string): Origin {
  const scheme = /^([a-z][a-z0-9+.-]{1,15}):\/\//i.exec(url)?.[1]?.toLowerCase() ?? 'http';
  const rest = url.slice(url.indexOf('://') < 0 ? 0 : url.indexOf('://') + 3);
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const host = hostOf(authority);
  if (host === '') return 'variable';
  if (/[$`{}<>]/.test(host)) return isAnonymous(host) ? 'anonymous' : 'variable';
  const ip = parseIp(host);
  if (ip !== undefined) return isLocalScope(ip.scope) ? 'local' : 'address';
  if (/^(?:0x[0-9a-f]{8}|\d{8,10})$/.test(host)) return 'address';
  if (/^localhost$|\.(?:local|internal|svc|localdomain)$/.test(host) || !host.includes('.')) return 'local';
  if (isAnonymous(host)) return 'anonymous';
  if (scheme === 's3' || scheme === 'gs') return 'variable';
  const path = rest.slice(authority.length);
  if (scheme !== 'https') return mirrors.test(host) ? 'named' : 'plain';
  if (isOfficial(host, path)) return 'official';
  return anyonesHosts.test(host) ? 'hosted' : 'named';
}

function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return host.startsWith('[') ? host.slice(1, Math.max(1, host.indexOf(']'))) : host.replace(/:\d{0,5}$/, '');
}

/** This host, a private network, or a name that only such a network resolves; `test` is reserved for tests. */
export function isLocalHost(host: string): boolean {
  const ip = parseIp(host);
  if (ip !== undefined) return isLocalScope(ip.scope);
  return !host.includes('.') || /\.(?:local|internal|svc|localdomain|test)$/i.test(host);
}

function isAnonymous(host: string): boolean {
  return anonymousHosts.some((one) => host === one || host.endsWith(`.${one}`));
}

function isLocalScope(scope: string): boolean {
  return ['loopback', 'private', 'link-local', 'unspecified', 'shared'].includes(scope);
}

function isOfficial(host: string, path: string): boolean {
  if (officialHosts.has(host) || mirrors.test(host)) return true;
  const owner = path.split('/')[1]?.toLowerCase() ?? '';
  return (host === 'raw.githubusercontent.com' || host === 'github.com') && officialOwners.has(owner);
}

/**
 * Hosts whose documentation tells users to pipe their installer into a shell. Source: the install pages of the
 * projects, 2026-11.
 */
const officialHosts: ReadonlySet<string> = new Set(
  (
    'get.docker.com test.docker.com sh.rustup.rs static.rust-lang.org deb.nodesource.com rpm.nodesource.com ' +
    'install.python-poetry.org get.helm.sh bun.sh bun.com deno.land fnm.vercel.app get.pnpm.io get.sdkman.io ' +
    'astral.sh getcomposer.org get.rvm.io pyenv.run bootstrap.pypa.io cli.run.nu starship.rs get.k3s.io ' +
    'dl.google.com sdk.cloud.google.com packages.microsoft.com aka.ms dot.net builds.dotnet.microsoft.com ' +
    'packagecloud.io packages.gitlab.com repo.mysql.com www.postgresql.org apt.postgresql.org ' +
    'apt.llvm.org get.haskellstack.org get-ghcup.haskell.org raku.land cpanmin.us install.perlbrew.pl ' +
    'install.julialang.org go.dev golang.org storage.googleapis.com dl.k8s.io pkgs.k8s.io get.opentofu.org ' +
    'apt.releases.hashicorp.com releases.hashicorp.com install.duckdb.org clickhouse.com sentry.io ' +
    'nixos.org install.determinate.systems linuxbrew.sh dl.yarnpkg.com yarnpkg.com www.npmjs.com npmjs.org ' +
    'install.meteor.com cdn.fwupd.org tailscale.com pkg.cloudflare.com ollama.com setup.atuin.sh taskfile.dev ' +
    'mise.run mise.jdx.dev get.volta.sh cloud.r-project.org keybase.io repo.anaconda.com downloads.apache.org ' +
    'archive.apache.org s3.amazonaws.com awscli.amazonaws.com artifacts.elastic.co packages.grafana.com ' +
    'apt.grafana.com dl.min.io install.cloudsmith.io'
  ).split(' '),
);

/**
 * Distributions and package indexes, whose mirrors speak plain HTTP because signatures or sums are what counts.
 * Source: the default configurations of their package managers, 2026-11.
 */
const mirrors =
  /(?:^|\.)(?:debian\.org|ubuntu\.com|alpinelinux\.org|fedoraproject\.org|centos\.org|rockylinux\.org|almalinux\.org|opensuse\.org|archlinux\.org|kernel\.org|gnu\.org|maven\.org|maven\.apache\.org|apache\.org|npmjs\.org|nodejs\.org|pythonhosted\.org|pypi\.org|python\.org|rubygems\.org|cpan\.org|metacpan\.org|php\.net|packagist\.org|crates\.io|postgresql\.org|mysql\.com|mariadb\.org|nginx\.org|redis\.io|adoptium\.net|gradle\.org|jenkins\.io|videolan\.org)$/;

/** Where anyone can publish under a name of his own beside everyone else. */
const anyonesHosts =
  /^(?:raw|gist)\.githubusercontent\.com$|^gist\.github\.com$|\.(?:github\.io|gitlab\.io|pages\.dev|workers\.dev|netlify\.app|vercel\.app|herokuapp\.com|repl\.co|glitch\.me|firebaseapp\.com|web\.app|onrender\.com|surge\.sh|backblazeb2\.com)$|^ipfs\.io$|\.ipfs\./;

/** Owners on GitHub whose installers are widely used; from the same install pages. */
const officialOwners: ReadonlySet<string> = new Set(
  (
    'nvm-sh creationix pyenv ohmyzsh robbyrussell homebrew helm kubernetes kubernetes-sigs docker moby rust-lang ' +
    'golangci aquasecurity anchore goreleaser junegunn tj vercel yarnpkg nodejs npm python pypa composer rvm ' +
    'rbenv asdf-vm hashicorp microsoft dotnet google googlecloudplatform aws cli grafana prometheus istio ' +
    'linkerd cilium argoproj fluxcd derailed direnv stedolan jqlang mikefarah xo sdkman alpinelinux debian ' +
    'apache mozilla llvm conda-forge conda rapidsai nvidia pytorch tensorflow huggingface just-containers ' +
    'krallin tianon yelp jwilder ufoscout eficode vishnubob wg easyengine acmesh-official'
  ).split(' '),
);

/** Where anyone can leave a file without a name: favoured by loaders. Source: public reports, 2026-11. */
const anonymousHosts: readonly string[] = (
  'pastebin.com paste.ee hastebin.com ghostbin.com rentry.co rentry.org dpaste.org dpaste.com termbin.com ix.io ' +
  'sprunge.us 0x0.st transfer.sh file.io temp.sh bashupload.com oshi.at anonfiles.com catbox.moe ' +
  'gofile.io pomf.cat textbin.net controlc.com paste.rs privatebin.net justpaste.it onion tor2web.org tor2web.io ' +
  'onion.ly onion.ws onion.pet onion.to onion.sh onion.cab ngrok.io ngrok-free.app ngrok.app serveo.net ' +
  'loca.lt localtunnel.me trycloudflare.com cdn.discordapp.com discordapp.com bit.ly tinyurl.com is.gd t.ly ' +
  'cutt.ly rb.gy duckdns.org ddns.me dynu.net no-ip.org ddns.net hopto.org zapto.org'
).split(' ');

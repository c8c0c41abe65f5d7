/**
 * Which files look like settings: the place where `password = …` is somebody's password and not a variable of a
 * program. Rules that lean on such words are run on these alone.
 */
import type { FileRecord, OpenFile } from '../detector.ts';

/** Settings are written by people; what is longer is data. */
const longestSettings = 256 * 1024;

const settingsEnding =
  /\.(?:env|ini|cfg|conf|cnf|config|properties|ya?ml|toml|json|xml|plist|tfvars|tfstate(?:\.backup)?|tf|hcl|netrc|npmrc|pypirc|ovpn|service|credentials|secrets?|kdl|cson|json5|sql|reg|htpasswd|pgpass)$/i;

/** `.env.production`, `credentials`, `.pgpass`, `Dockerfile.prod`. */
const settingsName =
  /^(?:\.env(?:\.[\w.-]{1,40})?|[\w-]{0,40}\.env|env|credentials?|secrets?|config|settings|\.?netrc|_netrc|\.?pgpass|\.my\.cnf|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.git-credentials|\.gitconfig|\.dockercfg|\.s3cfg|\.boto|\.htpasswd|\.(?:ba|z|a)?sh_history|\.bashrc|\.profile|\.zshrc|\.bash_profile|Dockerfile[\w.-]{0,40}|docker-compose[\w.-]{0,40}|local_settings\.py|settings\.py|config\.(?:py|js|ts|php|rb)|wp-config\.php|database\.php|application\.[\w-]{1,40}|environment|hosts|inventory|Makefile|Jenkinsfile|Procfile)$/i;

/** An application's own sources carry settings too, but not those of a distribution or of a package manager. */
const applicationSource = /\.(?:py|[cm]?js|ts|php|rb|sh|pl|go|java|kt|cs|groovy|ps1)$/i;

/** Where distributions and package managers put their files; what users write lies elsewhere. */
const packaged =
  /^\/(?:usr\/(?!local\/|src\/|share\/nginx\/html\/)|usr\/local\/(?:go|include|share)\/|usr\/src\/(?:linux|python|php)|lib(?:32|64)?\/|s?bin\/|boot\/|var\/lib\/(?:dpkg|apt|rpm|pacman|apk)\/|var\/cache\/)|\/(?:node_modules|site-packages|dist-packages|vendor|gems|bower_components|\.cargo\/registry|\.rustup|\.nvm|pkg\/mod|lib\/python[23][\w.]{0,8})\//;

/** Lists of packages with their sums, and catalogues. */
const generated =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|Pipfile\.lock|composer\.lock|go\.sum|Cargo\.lock|ca-certificates\.conf|packages\.json)$|\.min\.js$|\.map$/i;

export function looksLikeSettings(file: Pick<FileRecord, 'path' | 'size' | 'kind'>): boolean {
  if (file.size > longestSettings || (file.kind !== 'text' && file.kind !== 'script')) return false;
  const { path } = file;
  if (generated.test(path) || packaged.test(path)) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    file.kind === 'script' ||
    settingsEnding.test(name) ||
    settingsName.test(name) ||
    applicationSource.test(name) ||
    isInHome(path)
  );
}

/** Scripts of a shell, its history, and what hands lines to one. */
export function holdsCommands({ path, kind, bytes }: Pick<OpenFile, 'path' | 'kind' | 'bytes'>): boolean {
  if (kind === 'script')
    return /^#![^\n]{0,100}\b(?:ba|da|a|z|k)?sh\b/.test(bytes.toString('latin1', 0, 128));
  return commandFile.test(path);
}

const commandFile =
  /(?:\.(?:sh|bash|zsh|ksh|envrc|service|mk)|_history|\/\.?(?:bashrc|bash_profile|profile|zshrc|zprofile|Makefile|Jenkinsfile|Procfile|\.gitlab-ci\.yml|Dockerfile[\w.-]{0,40}|(?:docker-)?compose[\w.-]{0,40}\.ya?ml))$/i;

/** Dot files right in a home directory are settings whatever their name. */
function isInHome(path: string): boolean {
  return /^\/(?:root|home\/[^/]{1,64})\/\.[^/]{1,64}(?:\/[^/]{1,64})?$/.test(path);
}

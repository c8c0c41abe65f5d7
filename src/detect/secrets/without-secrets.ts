/**
 * Takes secrets out of text without rules: cheap enough for what detectors quote, keep and cache of each file. What
 * goes is the value behind a telling name or option, credentials in URLs, and tokens with a known beginning (also
 * where a quotation cuts them). It takes too much rather than too little: a report can spare a word.
 *
 * Linear: each expression begins with a literal, and what stands between two of them is bounded.
 */

interface Form {
  /** Cheap: without it the expression cannot match. */
  readonly sign?: RegExp;
  readonly secret: RegExp;
  readonly shown: string;
}

/** Variables name a secret and are none; neither are the path of a file that holds one, and what is masked already. */
const noSecret = String.raw`(?!["']?\$[A-Za-z_{(]|["']?[.~]{0,2}\/[\w.\/-]*(?:[\s"'|;&]|$)|["']?[\w.-]{0,40}…)`;
/** Quoted up to its end, or one word. */
const value = String.raw`${noSecret}(?:"[^"\n]{3,}"?|'[^'\n]{3,}'?|[^\s"'&|;<>]{4,})`;
/** One word, where a quotation mark may stand before it. */
const word = String.raw`${noSecret}[^\s"'|;&<>]{3,}`;
/** Between a name and its value: `=`, `: `, `' => "`, `", "`, also in a string in a string. */
const assigned = String.raw`\\{0,2}["']?\]?(?:\s{0,3}(?:=>|:=|=|:)\s{0,3}|,\s{0,3}(?=["']))\\{0,2}`;

/** A name that has one of these in it holds a secret. */
const tellingNames = [
  ...['token', 'secret', 'passw(?:or)?d', 'passphrase', 'authorization', 'bearer', 'credential', 'mnemonic'],
  ...['(?:api|access|account|shared|private|encryption|master|licen[cs]e|signing|app|auth)[_-]?key'],
  ...['accesskey', 'requirepass', 'masterauth', 'connection_?string', 'webhook'],
].join('|');

/** As a whole name, or as its last word: `MYSQL_PWD`, `REDIS_AUTH`. */
const tellingEnds = '(?:pwd|pass|auth|psk|creds?|dsn|sig|sas)';

const options = 'token|secret|passw(?:or)?d|pass|passphrase|api-?key|access-?key|auth-?key';

/** Of queries; `key` and `code` are too common elsewhere. */
const parameters = 'sig|signature|key|code|sas|auth|pwd|pass|token|secret|credential|awsaccesskeyid';

/** What providers put before their tokens; letters, digits, `_` and `-` follow. */
const prefixes = [
  ...['gh[pousr]_', 'github_pat_', 'gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)-', 'AKIA', 'ASIA'],
  ...[
    'xox[a-z]\\.?-',
    'xapp-',
    'sk-',
    '[sr]k_(?:live|test|prod)_',
    'whsec_',
    'npm_(?=[A-Za-z0-9]{8})',
    'dckr_(?:pat|oat)_',
    'AIza',
  ],
  ...[
    'GOCSPX-',
    'ya29\\.',
    'hf_(?=[A-Za-z0-9]{8})',
    'pcsk_',
    'xai-',
    'lsv2_(?:pt|sk)_',
    'pplx-',
    'sbp_',
    'nfp_',
    'figd_',
    'NRAK-',
  ],
  ...[
    'gsk_(?=[A-Za-z0-9]{8})',
    'r8_(?=[A-Za-z0-9]{8})',
    'bkua_',
    'CCIP(?:AT|RJ)_',
    'tskey-',
    'SG\\.',
    'hv[sbr]\\.',
  ],
  ...[
    'shp(?:at|ca|pa|ss)_',
    'do[opr]_v1_',
    'dp\\.[a-z]{2}\\.',
    'dapi(?=[0-9a-f]{16})',
    'pypi-AgE',
    'rubygems_',
  ],
  ...[
    'glc_eyJ',
    'glsa_',
    'sq0(?:atp|csp)-',
    'PMAK-',
    'pscale_',
    'lin_api_',
    'AGE-SECRET-KEY-',
    'ATATT3',
    'LTAI',
  ],
  ...[
    'ops_eyJ',
    'pul-(?=[0-9a-f]{16})',
    'dt0[a-z]\\d\\d\\.',
    'key-(?=[0-9a-f]{16})',
    'EAA[MC](?=[A-Za-z0-9]{16})',
  ],
  ...['sntry[su]_', 'ntn_', 'oy2(?=[a-z0-9]{16})', 'AQVN'],
].join('|');

/** In this order: what has several words goes before what takes one word behind a name. */
const forms: readonly Form[] = [
  // Up to the next dashes, or as far as the quotation goes.
  {
    sign: /PRIVATE KEY/,
    secret:
      /(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)(?:[^-]|-(?!----)){8,}(?:-----END [A-Z0-9 ]{0,40}-----)?/g,
    shown: '$1…',
  },
  {
    sign: /PuTTY-/,
    secret: /(PuTTY-User-Key-File-[23]:)[\s\S]{0,8192}?(?:Private-MAC: [0-9a-f]{0,64}|$)/g,
    shown: '$1 …',
  },
  // The same in base64.
  { sign: /LS0tLS1CRUdJTi/, secret: /LS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}/g, shown: 'LS0tLS1CRUdJTi…' },
  // The words of a wallet.
  {
    sign: /mnemonic|seed|phrase/i,
    secret:
      /((?:mnemonic|seed|phrase)[\w-]{0,20}["']?\s{0,3}[=:]\s{0,3}["']?)[a-z]{3,8}(?: [a-z]{3,8}){5,23}/gi,
    shown: '$1…',
  },
  // Up to the last `@` before the path: a password may hold that sign too.
  { sign: /@/, secret: /:\/\/[^\s/?#"'<>]{1,500}@/g, shown: '://…@' },
  {
    sign: /[=:,]/,
    secret: new RegExp(
      `((?:${tellingNames})[\\w.-]{0,40}${assigned}(?:["']?(?:bearer|basic|token)\\s{1,3})?)${value}`,
      'gi',
    ),
    shown: '$1…',
  },
  {
    sign: /[=:]/,
    secret: new RegExp(
      `((?<![A-Za-z0-9])${tellingEnds}\\\\{0,2}["']?\\s{0,2}[=:]\\s{0,3}\\\\{0,2})${value}`,
      'gi',
    ),
    shown: '$1…',
  },
  // `--token X`, and in files and statements `password X`, `requirepass X`, `identified by 'X'`. Not PAM's `password`.
  {
    sign: /token|secret|pass|key|bearer|basic|masterauth|identified/i,
    secret: new RegExp(
      `((?:(?<!\\w)--?[\\w-]{0,40}(?:${options})|(?<![\\w./-])(?:token|secret|passw(?:or)?d|requirepass|masterauth|bearer|basic|identified by))\\s{1,4})` +
        `(?!required|requisite|sufficient|optional|include|substack|\\[)${value}`,
      'gi',
    ),
    shown: '$1…',
  },
  // `<password>X</password>`, `<property name="a.password">X`, `name="a.password" value="X"`.
  {
    sign: /<[\w:.-]/,
    secret:
      /(<[\w:.-]{0,40}(?:password|passphrase|secret|token|apikey)>|name=["'][\w.-]{0,60}(?:password|passphrase|secret|token)["'][^<>\n]{0,20}?(?:>|value=["']))[^<>\s"']{3,}/gi,
    shown: '$1…',
  },
  // A line of .pgpass: host, port, database, user, password.
  {
    sign: /:\d{4,5}:/,
    secret: /([\w.*-]:\d{4,5}:[\w.*-]{1,60}:[\w.*-]{1,60}:)(?![/~])[^\s:"'|;]{6,}/g,
    shown: '$1…',
  },
  {
    sign: /[?&]/,
    secret: new RegExp(`((?:[?&]|&amp;)(?:[\\w-]{0,30}[_-])?(?:${parameters})=)[^&\\s"'<>#]{4,}`, 'gi'),
    shown: '$1…',
  },
  // Not as a folder of a path, but as part of a URL.
  { secret: new RegExp(`(?<![A-Za-z0-9/])(${prefixes})[\\w.=-]{8,}`, 'g'), shown: '$1…' },
  {
    sign: /:\/\//,
    secret: new RegExp(`(:\\/\\/[^\\s"']{1,300}?\\/(?:${prefixes}))[\\w.=-]{8,}`, 'g'),
    shown: '$1…',
  },
  { sign: /eyJ/, secret: /\beyJ[\w-]{8,2000}\.eyJ[\w.-]{8,}/g, shown: 'eyJ…' },
  {
    sign: /\/services\/|webhooks\/|bot\d/,
    secret: /(hooks\.slack\.com\/services\/|\/api\/webhooks\/\d{1,20}\/|\bbot\d{6,12}:)[\w/-]{8,}/g,
    shown: '$1…',
  },
  // A Telegram bot's token without its URL.
  { sign: /:AA/, secret: /\b(\d{8,10}:AA)[\w-]{20,}/g, shown: '$1…' },
  // `curl -u user:pass`. A user with a group by number, and a host with its port, are none.
  {
    sign: /-[uU]|-user/,
    secret:
      /((?:^|\s)(?:-u|-U|--user|--proxy-user)[=\s]{0,3}["']?(?!\d{1,10}:|[\w-]{1,63}\.[\w.-]{1,190}:\d{1,5}(?![^\s"']))[^\s:"'/$]{1,100}:)(?![$/])[^\s"'|;]{3,}/g,
    shown: '$1…',
  },
  // Programs whose `-p` is a password. With others it is a port or a folder.
  {
    sign: /\s-p/,
    secret: new RegExp(
      `(\\b(?:mysql|mariadb|sshpass|login|smbclient|mongo|lftp|7z|az)[\\w-]{0,16}\\s(?:[^\\n|;&]{0,300}?\\s)?-p[=\\s]{0,3}["']?)(?!-)${word}`,
      'g',
    ),
    shown: '$1…',
  },
  {
    sign: /\s-[aPw]/,
    secret: new RegExp(
      `(\\b(?:redis-cli\\s(?:[^\\n|;&]{0,300}?\\s)?-a|(?:sqlcmd|bcp)\\s(?:[^\\n|;&]{0,300}?\\s)?-P|ldap\\w{3,10}\\s(?:[^\\n|;&]{0,300}?\\s)?-w)\\s{0,3}["']?)(?!-)${word}`,
      'g',
    ),
    shown: '$1…',
  },
  // `echo "root:X" | chpasswd`, and the same from a here-string.
  {
    sign: /chpasswd/,
    secret:
      /\b([\w.-]{1,32}:)[^\s"'|:]{3,200}(?=["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?(?:\/usr)?(?:\/s?bin\/)?chpasswd)/g,
    shown: '$1…',
  },
  {
    sign: /chpasswd/,
    secret: /(chpasswd[^\n<]{0,20}<<<?\s{0,4}["']?[\w.-]{1,32}:)[^\s"']{3,}/g,
    shown: '$1…',
  },
];

export function withoutSecrets(text: string): string {
  return withLineEnds(text, (lines) => {
    let shown = lines;
    for (const { sign, secret, shown: instead } of forms) {
      if (sign === undefined || sign.test(shown)) shown = shown.replace(secret, instead);
    }
    return shown;
  });
}

/** What is printable already has its line ends as `\x0a`, and none of its words would begin behind one. */
export function withLineEnds(text: string, mask: (lines: string) => string): string {
  const escaped = '\\x0a';
  if (!text.includes(escaped) || text.includes('\n')) return mask(text);
  return mask(text.replaceAll(escaped, '\n')).replaceAll('\n', escaped);
}

/** Between words: no word of a command has it. */
const separator = '\v';

/**
 * The words of a command without the secrets in them: a word may tell that the next one is a secret. Names of programs
 * and files stay, for the walk that looks for them.
 */
export function wordsWithoutSecrets(words: readonly string[]): readonly string[] {
  const text = words.join(separator);
  const shown = withoutSecrets(text);
  const masked = shown.split(separator);
  // A quotation mark inside of a word can reach into the next one.
  const isWhole = masked.length === words.length;
  return words.map((word, at) => {
    if (isKeyMaterial(word)) return '…';
    if (shown === text || isName(word)) return word;
    return isWhole ? (masked[at] ?? '') : withoutSecrets(word);
  });
}

/** `sk-learn-run`: too short for the token that it begins like. */
function isName(word: string): boolean {
  return word.length < 20 && /^[\w./-]+$/.test(word) && withoutSecrets(word) !== word;
}

/** A line of base64, as keys have them, and no path: those of people have dots, hyphens or one case. */
export function isKeyMaterial(word: string): boolean {
  return (
    word.length >= 40 &&
    /^[A-Za-z0-9+/]{40,}={0,2}$/.test(word) &&
    /[a-z]/.test(word) &&
    /[A-Z]/.test(word) &&
    /\d/.test(word) &&
    (!word.startsWith('/') || /[+=]/.test(word))
  );
}

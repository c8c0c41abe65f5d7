/** Options of the commands that use rules. */
import { Option } from 'commander';

export function ruleFolders(): Option {
  return new Option(
    '--rules <dir>',
    'also use these rules: YARA, Waterguard YAML, gitleaks TOML (repeatable)',
  )
    .argParser((value: string, all: readonly string[]) => [...all, value])
    .default([], 'none');
}

export function noShippedRules(): Option {
  return new Option('--no-shipped-rules', 'leave out the YARA rules that come with Waterguard');
}

/** Options that several commands have. */
import { Option } from 'commander';

export function tableOrJson(): Option {
  return new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table');
}

export function outputFile(): Option {
  return new Option('--output <file>', 'write the result there instead of standard output');
}

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

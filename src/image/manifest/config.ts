/**
 * The image configuration: what would be started, as whom and with which environment. It comes from whoever
 * built the image, so every field may have any type; a field of the wrong type reads as empty, as engines
 * refuse to start it. Strings stay as they are (detectors look at them) and are hostile: print them through
 * `printable`.
 */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { anyText, anyTexts, fields, list, otherwise, parseJson, type Read, record } from '../go-json.ts';
import type { ImageConfig } from '../image.ts';
import { historyLines } from './history.ts';
import { normalPlatform, type Platform } from './platform.ts';

/** Bytes. Twice the manifest's limit; the largest configurations in use have some 100 KiB. */
export const configLimit = 8 * 1024 * 1024;

/** Entries of one list or map; beyond it the configuration is refused, so that memory stays bounded. */
const entryLimit = 20_000;

export interface ParsedConfig {
  readonly config: ImageConfig;
  readonly platform: Platform;
  /** As written; not yet known to be digests. */
  readonly diffIds: readonly string[];
  /** False where the document has neither `rootfs` nor `config`: then it configures something else. */
  readonly isImage: boolean;
}

/** @param where names the document in messages
 *  @throws WaterguardError `corrupt`, `limit` */
export function parseConfig(bytes: Buffer, where: string): ParsedConfig {
  const document = parseJson(bytes, configDocument, where);
  const run = document.config ?? emptyRun;
  const lists = { ...run, history: document.history, diff_ids: document.rootfs?.diff_ids ?? [] };
  for (const [name, list] of Object.entries(lists)) refuseEndless(name, list, where);
  return {
    config: {
      user: run.User,
      env: run.Env,
      entrypoint: run.Entrypoint,
      cmd: run.Cmd,
      workingDir: run.WorkingDir,
      labels: run.Labels,
      exposedPorts: run.ExposedPorts,
      volumes: run.Volumes,
      healthcheck: run.Healthcheck?.Test ?? [],
      onBuild: run.OnBuild,
      shell: run.Shell,
      author: document.author,
      created: document.created,
      history: historyLines(document.history),
    },
    platform: normalPlatform(document.os, document.architecture, document.variant),
    diffIds: lists.diff_ids,
    isImage: document.rootfs !== undefined || document.config !== undefined,
  };
}

const textMap = otherwise(record(anyText), {});

/** A set written as `{"80/tcp": {}}`; some builders write a list. */
const textSet: Read<readonly string[]> = (value, at) =>
  Array.isArray(value) ? anyTexts(value, at) : Object.keys(textMap(value, at));

interface RunFields {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: readonly string[];
  readonly Volumes: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] } | undefined;
  readonly OnBuild: readonly string[];
  readonly Shell: readonly string[];
}

const runFields = fields<RunFields>({
  User: anyText,
  Env: anyTexts,
  Entrypoint: anyTexts,
  Cmd: anyTexts,
  WorkingDir: anyText,
  Labels: textMap,
  ExposedPorts: textSet,
  Volumes: textSet,
  Healthcheck: otherwise(fields({ Test: anyTexts }), undefined),
  OnBuild: anyTexts,
  Shell: anyTexts,
});

const emptyRun = runFields({}, '');

export interface HistoryRecord {
  readonly created: string;
  readonly created_by: string;
  readonly comment: string;
  readonly empty_layer: boolean;
}

const historyFields = fields<HistoryRecord>({
  created: anyText,
  created_by: anyText,
  comment: anyText,
  empty_layer: (value) => value === true,
});

const configDocument = fields({
  os: anyText,
  architecture: anyText,
  variant: anyText,
  author: anyText,
  created: anyText,
  config: otherwise(runFields, undefined),
  rootfs: otherwise(fields({ diff_ids: anyTexts }), undefined),
  history: otherwise(list(otherwise(historyFields, historyFields({}, ''))), []),
});

function refuseEndless(name: string, list: unknown, where: string): void {
  const size = Array.isArray(list) ? list.length : Object.keys(Object(list)).length;
  if (typeof list === 'string' || size <= entryLimit) return;
  throw new WaterguardError(
    'limit',
    `${where}: ${printable(name)} has ${size} entries; at most ${entryLimit} are read. No builder writes so many.`,
  );
}

/**
 * The image configuration: what would be started, as whom and with which environment. It comes from whoever
 * built the image, so every field may have any type; a field of the wrong type reads as empty, as engines
 * refuse to start it. Strings stay as they are (detectors look at them) and are hostile: print them through
 * `printable`.
 */
import { z } from 'zod';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { ImageConfig } from '../image.ts';
import { historyLines } from './history.ts';
import { goObject, parseJson } from './json.ts';
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

const text = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value))
  .catch('');

/** Engines read a lone string where a list belongs as a list of one. */
const textList = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(text))
  .catch([]);

const textMap = z
  .record(z.string(), z.unknown())
  .transform((map) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, text.parse(value)])))
  .catch({});

/** A set written as `{"80/tcp": {}}`; some builders write a list. */
const textSet = z.union([z.array(text), textMap.transform((map) => Object.keys(map))]).catch([]);

const runFields = goObject({
  User: text,
  Env: textList,
  Entrypoint: textList,
  Cmd: textList,
  WorkingDir: text,
  Labels: textMap,
  ExposedPorts: textSet,
  Volumes: textSet,
  Healthcheck: goObject({ Test: textList }).optional().catch(undefined),
  OnBuild: textList,
  Shell: textList,
});

const emptyRun = runFields.parse({});

const historyFields = goObject({
  created: text,
  created_by: text,
  comment: text,
  empty_layer: z.boolean().catch(false),
});

const noHistory = historyFields.parse({});

const configDocument = goObject({
  os: text,
  architecture: text,
  variant: text,
  author: text,
  created: text,
  config: runFields.optional().catch(undefined),
  rootfs: goObject({ diff_ids: textList }).optional().catch(undefined),
  history: z.array(historyFields.catch(noHistory)).catch([]),
});

export type HistoryRecord = z.output<typeof historyFields>;

function refuseEndless(name: string, list: unknown, where: string): void {
  const size = Array.isArray(list) ? list.length : Object.keys(Object(list)).length;
  if (typeof list === 'string' || size <= entryLimit) return;
  throw new WaterguardError(
    'limit',
    `${where}: ${printable(name)} has ${size} entries; at most ${entryLimit} are read. No builder writes so many.`,
  );
}

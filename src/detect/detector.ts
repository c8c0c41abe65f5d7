/**
 * The Detector contract. The runner walks, opens, bounds, times and caches; a detector only looks. A new one
 * is a folder with its fixtures and one line in `list.ts`; `docs/adding-a-detector.md` takes a newcomer there.
 */
import type { ImageConfig } from '../image/image.ts';
import type { SkipReason } from '../model/coverage.ts';
import type { Category, RuleSource, Severity } from '../model/finding.ts';
import type { Observable } from '../model/indicator.ts';
import type { FileForms } from './form.ts';
import type { RuleMatch } from './rule-engine.ts';

/**
 * By the first bytes of the content: `elf`; `script` (`#!`); `text` (no NUL byte in the first 4 KiB and
 * mostly printable); `archive` (gzip, zip, xz, zstd, bzip2, tar, 7z); else `binary`.
 */
export const fileKinds = ['elf', 'script', 'text', 'archive', 'binary'] as const;
export type FileKind = (typeof fileKinds)[number];

/**
 * What is known of a file before a detector reads it. For a detector that needs `content`, `path` is empty
 * and `mode`, `uid`, `gid` are 0: its result is shared by every file with the same bytes.
 */
export interface FileRecord {
  /** Begins with `/`; UTF-8, bytes that are not valid as `\xNN`. */
  readonly path: string;
  /** Of the whole file, in bytes. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly kind: FileKind;
}

/**
 * A file opened for inspection. Of a file larger than the window size a detector sees windows one after the
 * other: `bytes` is then the window, `offset` its place in the file. Windows overlap; findings are merged.
 */
export interface OpenFile extends FileRecord {
  readonly bytes: Buffer;
  readonly offset: number;
  /** The rules that matched; empty where no rule engine is there. */
  readonly matches: readonly RuleMatch[];
  /**
   * Where the detector's anchor of that name begins in `bytes`, ascending and complete; the runner has searched
   * for all anchors in one pass.
   */
  hits(anchor: string): readonly number[];
}

/** Most places that a rule engine lists per pattern; behind it the runner searches on by itself. */
export const maxHits = 1000;

/**
 * A literal that must occur in a file for (part of) a detector to have work: `stratum+`, `AKIA`. At least four
 * bytes, one character for each (Latin-1); what cannot be printed has no `nocase`. Searching for all of them costs nothing beside the rules; it is what keeps detectors fast.
 */
export interface Anchor {
  readonly text: string;
  /** More of them under the same name, for which it does not matter which one it was. */
  readonly also?: readonly string[];
  readonly nocase?: boolean;
  /** Only searched for in these kinds of file; default all. */
  readonly kinds?: readonly FileKind[];
}

export interface Detector {
  /** Stable, lower-case; prefix of its rule ids (`secrets/aws-access-key`). */
  readonly name: string;
  /** Part of every cache key: raise it whenever results may change. */
  readonly version: number;
  /** `content`: bytes only, result shared by SHA-256. `path`: also path, mode and owner. */
  readonly needs: 'content' | 'path';
  /** All that it can find, listable without a scan. */
  readonly findings: readonly FindingKind[];
  /** Literals to search for; keys name them for `OpenFile.hits`. */
  readonly anchors?: Readonly<Record<string, Anchor>>;
  /** Without any of its anchors, or without a matching rule, a file has no work for it and is not shown to it. */
  readonly onlyWith?: 'anchors' | 'matches';
  /** Cheap: by record alone. */
  wants(file: FileRecord): boolean;
  /** A file that it leaves unread although it might start something: where a start path runs it, that is a hole. */
  leaves?(file: FileRecord): boolean;
  /** Synchronous, linear in the bytes; checks `deadline` in long loops. A throw is recorded, the scan goes on. */
  inspect(file: OpenFile, deadline: Deadline): Detection;
}

/** One kind of finding that a detector makes. */
export interface FindingKind {
  readonly rule: string;
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly attack: readonly string[];
}

/** Throws WaterguardError `limit` once the file's time is used up. */
export interface Deadline {
  check(): void;
}

/**
 * What a detector says of a file. `start` is for the judge's walk from the start paths: see `StartFact`.
 */
export interface Detection {
  readonly findings: readonly DetectedFinding[];
  readonly observables: readonly Observable[];
  readonly start?: StartFact;
  /** Members of an archive that could not be looked at; filled in by the runner. */
  readonly unseen?: readonly Unseen[];
  /** Of the members that were looked at; filled in by the runner. */
  readonly held?: FileForms;
}

/** Part of a file that stays unseen. `member` is its path inside the file. */
export interface Unseen {
  readonly member: string;
  readonly reason: SkipReason;
  readonly detail: string;
}

export const nothing: Detection = { findings: [], observables: [] };

/** A finding as far as content can tell; merge adds layer and state, judge adds reach and context. */
export interface DetectedFinding extends FindingKind {
  /** 0..1 before context: at least 0.9 conclusive, 0.6 to 0.9 strong. */
  readonly confidence: number;
  /** Where it weighs more in a file that a start path runs; present and reached, the larger one counts. */
  readonly whenStarted?: number;
  /**
   * `program`: the file itself is (or contains) the threat. `text`: a configuration, script or document; by
   * itself at most strong, and weak in documentation. `secret`: keeps its full weight also when deleted.
   */
  readonly subject: 'program' | 'text' | 'secret';
  /** A threat even where the category is not (malware of category `other`). */
  readonly malware?: boolean;
  /** `pool` or `wallet`: with one of them verified, a miner that a start path runs is conclusive. */
  readonly proves?: 'pool' | 'wallet' | 'miner';
  /** In the file's content. */
  readonly offset: number;
  readonly length: number;
  /** Printable, at most 200 characters, no whole secret. */
  readonly excerpt: string;
  /** Normalised value for the finding's identity instead of the content's hash (never a secret in clear). */
  readonly value?: string;
  readonly source?: RuleSource;
  /** Set by the runner for content inside an archive: the member's path, levels separated by `!`. */
  readonly member?: string;
}

/**
 * What a script, unit, crontab or profile would start. The judge walks these from the entrypoint and the
 * persistence paths to tell what is reachable.
 */
export interface StartFact {
  /** Absolute or relative paths the file refers to. */
  readonly refs: readonly string[];
  /** Commands as argument lists. */
  readonly commands: readonly (readonly string[])[];
  /** Nothing says that the file is a program: what it would start counts only where something runs it. */
  readonly plain?: true;
  /** Bounds have cut something off. */
  readonly cut?: true;
}

/**
 * The second, smaller job of the detection floor: what the image's configuration, history and name say. These
 * are plain functions over `ImageView`, listed in `image-list.ts` and called by the judge, so their results
 * are never cached and follow the day's lists.
 */
export type ImageInspection = (image: ImageView) => ImageDetection;

/** Of an image: reference as completed by the source, and its configuration with history. */
export interface ImageView {
  readonly reference: string;
  readonly config: ImageConfig;
  /** Commands of scripts, with what variables and arguments stand for; those that `wantsCommand` asked for. */
  readonly commands?: readonly StartedCommand[];
}

/** A command that runs with the container. */
export interface StartedCommand {
  readonly words: readonly string[];
  /** Path of the script that it stands in; a key of the configuration (`Entrypoint`) where there is none. */
  readonly by: string;
}

export interface ImageDetection {
  readonly findings: readonly ImageFinding[];
  readonly observables: readonly (Observable & { readonly key: string })[];
}

/**
 * `key` names the place: `Env.NAME`, `Labels.name`, `Entrypoint`, `Cmd`, `Healthcheck`, `OnBuild` for `config`;
 * `history` line number (0-based, as `history[3]`) for `history`; `reference` for `name`; the path of a script
 * that runs for `file`. `runs` says that the place itself is executed when a container starts (entrypoint, command, healthcheck).
 */
export interface ImageFinding extends DetectedFinding {
  readonly place: 'config' | 'history' | 'name' | 'file';
  readonly key: string;
  readonly layer?: number;
  readonly runs: boolean;
}

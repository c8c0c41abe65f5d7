/** Programs whose rights, place or name give them away: setuid, hidden folders, false names. */
import { printable } from '../../model/printable.ts';
import type { OpenFile } from '../detector.ts';
import { type Found, kinds } from './kinds.ts';
import { usualSetgid, usualSetuid } from './usual.ts';

export function isSuspectProgram(file: Pick<OpenFile, 'path' | 'mode' | 'kind'>): boolean {
  if ((file.mode & 0o6000) !== 0 && (file.mode & 0o111) !== 0) return true;
  return (
    isProgram(file) && (hiding(file.path, file.kind) > 0 || (file.kind === 'elf' && hasFalseName(file.path)))
  );
}

export function inspectProgram(file: OpenFile): readonly Found[] {
  const found: Found[] = [];
  const excerpt = () =>
    printable(`${file.path} (mode ${file.mode.toString(8)}, owner ${file.uid}:${file.gid})`, 200);
  const setuid = ofSetuid(file);
  if (setuid !== undefined) found.push({ ...setuid, subject: 'program', excerpt });
  if (!isProgram(file)) return found;
  const hidden = hiding(file.path, file.kind);
  if (hidden > 0) found.push({ kind: kinds.hidden, confidence: hidden, subject: 'program', excerpt });
  if (file.kind !== 'elf') return found;
  if (kernelThread.test(file.path))
    found.push({ kind: kinds.kernelName, confidence: 0.75, subject: 'program', excerpt });
  if (documentName.test(file.path))
    found.push({ kind: kinds.disguised, confidence: 0.65, subject: 'program', excerpt });
  return found;
}

function isProgram(file: Pick<OpenFile, 'mode' | 'kind'>): boolean {
  return file.kind === 'elf' || (file.kind === 'script' && (file.mode & 0o111) !== 0);
}

function ofSetuid(file: OpenFile): Pick<Found, 'kind' | 'confidence'> | undefined {
  if ((file.mode & 0o111) === 0 || (file.mode & 0o6000) === 0) return undefined;
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const setuid = (file.mode & 0o4000) !== 0;
  // The kernel ignores setuid on scripts.
  if (file.kind === 'script' || file.kind === 'text') return { kind: kinds.setuid, confidence: 0.2 };
  if (setuid && file.uid === 0) {
    if (isShell(file.bytes)) return { kind: kinds.setuidShell, confidence: 0.85 };
    if (interpreters.test(name)) return { kind: kinds.setuidShell, confidence: 0.75 };
    if (temporary.test(file.path)) return { kind: kinds.setuidShell, confidence: 0.7 };
    if (usualSetuid.has(name) && systemFolder.test(file.path)) return undefined;
    return { kind: kinds.setuid, confidence: 0.3 };
  }
  const usual = (usualSetgid.has(name) || usualSetuid.has(name)) && systemFolder.test(file.path);
  return usual ? undefined : { kind: kinds.setuid, confidence: 0.15 };
}

const systemFolder = /^\/(?:usr\/)?(?:local\/)?(?:bin|sbin|lib|lib64|libexec|games)\/|^\/opt\//;

/** Shells and programs that give one to whoever starts them (GTFOBins, category SUID, 2026-11). */
const interpreters =
  /^(?:(?:ba|da|a|z|k|c|tc|mk)?sh|fish|busybox|python[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|php[\d.]*|lua[\d.]*|tclsh|expect|g?awk|mawk|find|vim?|vim\.\w{1,10}|nano|ed|less|more|env|xargs|nmap|gdb|strace|socat|nc|ncat|docker|tar|zip|cp|mv|dd|tee|sed|make|nice|timeout|setarch|stdbuf|watch|tmux)$/;

/** Texts that only the shells themselves hold; sudo names many interpreters, so theirs would not do. */
function isShell(bytes: Buffer): boolean {
  return ['@(#)Bash version', 'BusyBox v1.', 'arithmetic expression: %s: "%s"', 'zsh/parameter'].some(
    (text) => bytes.includes(text, 0, 'latin1'),
  );
}

const temporary = /^\/(?:tmp|var\/tmp|dev|proc|sys|run\/user)\//;
/** Folders made of dots or blanks, or ending with one: `...`, `.. `, ` `. */
const deceptive = /\/(?:\.{3,}|\.{1,2}\s+|\s+|[^/]*\s)(?:\/|$)/;
const dotted = /\/\.[^/]/;
const system =
  /^\/(?:bin|sbin|lib|lib32|lib64|etc|var|usr|boot|srv|mnt|media)\/|^\/\.[^/]+$|^\/\.[^/]+\/[^/]+$/;
/** Dotted folders in which tools keep programs. */
const knownDotted =
  /\/\.(?:build-id|git|github|venv|virtualenv|env|bin|libs|dylibs|cache|local|npm|nvm|cargo|rustup|yarn|pnpm|store|bun|deno|dotnet|nuget|gradle|m2|sdkman|pyenv|rbenv|asdf|tox|vscode|vscode-server|config|oh-my-zsh|linuxbrew|ivy2|opam|ghcup|cabal|stack|platformio|docker|krew|composer|gem|bundle|next|wine|julia|conda|mamba|pixi|deps|tools|dockerenv)(?:\/|$)|\/node_modules\//;

/** How much the place speaks for hiding, 0 where it does not. */
function hiding(path: string, kind: OpenFile['kind']): number {
  if (deceptive.test(path)) return 0.75;
  if (temporary.test(path)) {
    if (!/^\/(?:tmp|var\/tmp|run)\//.test(path)) return 0.7;
    if (dotted.test(path) && !knownDotted.test(path)) return 0.65;
    return kind === 'elf' ? 0.35 : 0.2;
  }
  return kind === 'elf' && system.test(path) && dotted.test(path) && !knownDotted.test(path) ? 0.5 : 0;
}

function hasFalseName(path: string): boolean {
  return kernelThread.test(path) || documentName.test(path);
}

/** `[kworker/0:0]`, `kswapd0`, `kdevtmpfsi`: names that `ps` shows for kernel threads, and those close to them. */
const kernelThread =
  /\/\[?(?:kworker|kthreadd|kswapd|ksoftirqd|kdevtmpfs|khugepaged|kintegrityd|kblockd|khungtaskd|kauditd|kcompactd|rcu_sched|rcu_preempt|watchdogd?s|migration|netns|writeback|crypto|bioset)[a-z]{0,3}[\d:/u-]{0,10}\]$|\/(?:kworker|kthreadd|kswapd|ksoftirqd|kdevtmpfs|khugepaged|kintegrityd|kblockd|khungtaskd|kauditd|watchdogs)[a-z]{0,3}[\d:/u-]{0,10}$/;

const documentName =
  /\.(?:jpe?g|png|gif|ico|svg|bmp|webp|txt|log|md|csv|pdf|html?|css|xml|json|ya?ml|conf|ini|mp3|mp4|avi|docx?|xlsx?|ttf|woff2?)$/i;

/**
 * What a download consists of that was never made: by the end of its name, small, and the same for the same address.
 * Nothing in it does anything.
 */
import { gzipSync } from 'node:zlib';
import type { Persona } from '../../../persona/persona.ts';
import type { Content } from '../../files/node.ts';
import { elf } from '../../systems/program-file.ts';
import { tarOf } from '../archives/tar-format.ts';
import { zipOf } from '../archives/zip-format.ts';

export interface Payload {
  readonly content: Content;
  readonly type: string;
}

/** @param isText whether it goes to standard output, and so most likely into a shell */
export function payloadFor(persona: Persona, url: string, name: string, isText: boolean): Payload {
  const end = /\.([a-z0-9]{1,5}(?:\.gz|\.xz|\.bz2)?)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const text = (content: string, type: string): Payload => ({ content: Buffer.from(content), type });
  switch (end) {
    case 'sh':
    case 'bash':
      return text('#!/bin/sh\n', 'text/x-sh');
    case 'py':
      return text('#!/usr/bin/env python3\n', 'text/x-python');
    case 'pl':
      return text('#!/usr/bin/perl\n', 'text/x-perl');
    case 'txt':
    case 'conf':
    case 'cfg':
    case 'ini':
    case 'list':
      return text('\n', 'text/plain');
    case 'json':
      return text('{}\n', 'application/json');
    case 'html':
    case 'htm':
    case 'php':
      return text('<html><head></head><body></body></html>\n', 'text/html');
    case 'gz':
    case 'tgz':
    case 'tar.gz':
      return { content: gzipSync(archive(persona, url, name)), type: 'application/x-gzip' };
    case 'tar':
      return { content: archive(persona, url, name), type: 'application/x-tar' };
    case 'zip':
      return { content: zipOf(members(persona, url, name)), type: 'application/zip' };
    default:
  }
  if (name === '') return text('<html><head></head><body></body></html>\n', 'text/html');
  if (isText) return text('#!/bin/sh\n', 'text/plain');
  const size = persona.random(`payload/${url}`).int(20_000, 800_000);
  return { content: { size, content: () => elf(persona, url, size) }, type: 'application/octet-stream' };
}

/**
 * Settings as miners have them by default, one member a line: installers write pool and wallet there with `sed`
 * (the members that they change; config.json of XMRig 6.21).
 */
const settings = `{
    "autosave": true,
    "background": false,
    "cpu": true,
    "donate-level": 1,
    "log-file": null,
    "max-cpu-usage": 75,
    "pools": [
        {
            "url": "",
            "user": "YOUR_WALLET_ADDRESS",
            "pass": "x",
            "keepalive": false,
            "tls": false
        }
    ],
    "syslog": false
}
`;

/** A program that is called like the archive and its settings: of a release in a folder, of others as they are. */
function members(persona: Persona, url: string, name: string) {
  const stem = name.replace(/\.(tar\.gz|tgz|tar|zip|gz)$/i, '') || 'package';
  const program = /^[a-zA-Z]+/.exec(stem)?.[0].toLowerCase() ?? 'run';
  const folder = /\d/.test(stem) ? `${stem}/` : '';
  return [
    { name: `${folder}${program}`, mode: 0o755, content: elf(persona, url, 96 * 1024) },
    { name: `${folder}config.json`, mode: 0o644, content: Buffer.from(settings) },
  ];
}

function archive(persona: Persona, url: string, name: string): Buffer {
  return tarOf(
    members(persona, url, name).map((member) => ({
      ...member,
      mtime: persona.installedAt,
      uid: 1000,
      gid: 1000,
    })),
  );
}

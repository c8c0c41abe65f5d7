/** Whole detectors, and what reads configurations and start files. */
import { gzipSync } from 'node:zlib';
import type { ImageInspection } from '../../../src/detect/detector.ts';
import { makeInspections } from '../../../src/detect/image-list.ts';
import { headSize, kindOf } from '../../../src/detect/kind.ts';
import { makeDetectors } from '../../../src/detect/list.ts';
import { createRunner, type Runner } from '../../../src/detect/runner.ts';
import { shippedSecretRules } from '../../../src/detect/secrets/load.ts';
import { startFact } from '../../../src/detect/start/detector.ts';
import { parseConfig } from '../../../src/image/manifest/config.ts';
import { buildImage, buildTar, file } from '../../../src/lab/image-builder.ts';
import { planWithoutRules } from '../../fixtures/plan.ts';
import { expect, type Target } from '../target.ts';
import { elfSeeds } from './binary.ts';
import { keyTexts, minerTexts, networkTexts, shellTexts } from './text.ts';

const startTexts: readonly string[] = [
  'SHELL=/bin/sh\nPATH=/usr/bin\n*/5 * * * * root cd / && run-parts --report /etc/cron.hourly\n@reboot root /opt/x\n',
  '[Unit]\nAfter=a.service\n[Service]\nExecStart=-/usr/bin/x --y \\\n  z\nExecStartPre=/bin/sh -c "a; b"\nEnvironmentFile=/etc/x\n',
  '[program:a]\ncommand=/bin/b -c %(here)s\n[include]\nfiles = conf.d/*.conf\n',
  'web: node server.js\nid:3:respawn:/sbin/getty 38400 tty1\n/lib/evil.so /lib/$LIB/x.so\n',
  '#!/usr/bin/env python3\nimport subprocess, os\nsubprocess.run(["sh", "-c", "id"])\nos.system("curl x | sh")\n',
  'session optional pam_exec.so seteuid /bin/x\nACTION=="add", RUN+="/bin/sh -c \'x\'"\nLD_PRELOAD=/x.so\n',
  '{"name":"x","scripts":{"postinstall":"node a.js && sh b.sh","start":"node ."},"bin":"./x"}',
];

const startPaths: readonly string[] = [
  '/etc/crontab',
  '/var/spool/cron/crontabs/root',
  '/etc/anacrontab',
  '/etc/systemd/system/x.service',
  '/etc/systemd/system/x.timer',
  '/etc/supervisor/conf.d/x.conf',
  '/etc/xdg/autostart/x.desktop',
  '/Procfile',
  '/app/Procfile',
  '/etc/inittab',
  '/etc/ld.so.preload',
  '/etc/pam.d/sshd',
  '/etc/udev/rules.d/x.rules',
  '/etc/logrotate.d/x',
  '/etc/environment',
  '/etc/profile.d/x.sh',
  '/app/package.json',
  '/app/x.py',
  '/entrypoint.sh',
];

const bytesOf = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));

interface Loaded {
  readonly runner: Runner;
  readonly inspections: readonly ImageInspection[];
}

let loaded: Loaded | undefined;

/** Without the rule engine: its own fuzzers look after it, and detectors find their anchors without it. */
function load(): Loaded {
  if (loaded !== undefined) return loaded;
  const { rules } = shippedSecretRules();
  const detectors = makeDetectors(rules);
  const runner = createRunner(planWithoutRules(detectors), detectors, undefined, 60_000);
  loaded = { runner, inspections: makeInspections(rules) };
  return loaded;
}

const words = [
  'curl http://',
  'base64 -d',
  'stratum+tcp://',
  'AKIA',
  '-----BEGIN RSA PRIVATE KEY-----',
  'password = "',
  'token: ',
  'ssh-ed25519 AAAA',
  '/dev/tcp/',
  'ExecStart=',
  'LD_PRELOAD',
  'authorized_keys',
  '#!/bin/sh\n',
  '.com',
];

export const detectorTargets: readonly Target[] = [
  {
    name: 'start-files',
    seeds: () => bytesOf([...startTexts, ...shellTexts]),
    words: [...words, '* * * * *', '@daily', '[Service]\n', 'command=', '\\\n'],
    largest: 1 << 18,
    run(input, random) {
      const fact = startFact(input.toString('latin1'), random.pick(startPaths));
      expect(fact.refs.length <= 1000 && fact.commands.length <= 1000, 'facts are bounded');
    },
  },
  {
    name: 'detectors',
    seeds: () => [
      ...bytesOf([...startTexts, ...shellTexts, ...minerTexts, ...keyTexts, ...networkTexts, ...secretTexts]),
      ...elfSeeds(),
      gzipSync(buildTar([file('a.sh', shellTexts[0]), file('b', minerTexts[0])])),
    ],
    words,
    largest: 1 << 17,
    run(input, random) {
      const record = { path: random.pick(startPaths), size: input.length, mode: 0o755, uid: 0, gid: 0 };
      const kind = kindOf(input.subarray(0, headSize));
      const { content, path, faults } = load().runner.inspect(
        { ...record, kind, bytes: input, offset: 0 },
        { content: true, path: true, unfold: true },
      );
      for (const { detector, code, message } of faults)
        expect(code !== 'internal', `${detector} threw: ${message}`);
      for (const one of [...content.findings, ...path.findings]) {
        expect(one.excerpt.length <= 200, `an excerpt of ${one.rule} is short`);
        expect(!/[\x00-\x1f\x7f-\x9f]/.test(one.excerpt), `an excerpt of ${one.rule} is printable`);
      }
    },
  },
  {
    name: 'configuration',
    form: 'json',
    seeds: () => [
      ...shellTexts.map((text) => imageConfig([text])),
      ...[...minerTexts, ...keyTexts, ...secretTexts].map((text) => imageConfig([text, text.slice(0, 40)])),
    ],
    words,
    run(input) {
      const { config } = parseConfig(input, 'The configuration');
      const view = { reference: 'docker.io/library/fuzz:1', config };
      for (const inspect of load().inspections) inspect(view);
    },
  },
];

/** Shapes of secrets; the values are made up. */
const secretTexts: readonly string[] = [
  `[default]\naws_access_key_id = AKIA${'QWERTZUIOPASDFGH'}\naws_secret_access_key = ${'a1B2c3D4e5'.repeat(4)}\n`,
  `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(20)}\n-----END RSA PRIVATE KEY-----\n`,
  `DATABASE_URL=postgres://app:s3cr3t-Pa55@db.example.com/app\nghp_${'aB3dE6gH9'.repeat(4)}\n`,
];

function imageConfig(texts: readonly string[]): Buffer {
  const config = {
    Entrypoint: ['/bin/sh', '-c', texts[0]],
    Cmd: texts.slice(1, 3),
    Env: texts.map((text, at) => `NAME_${at}=${text}`),
    Labels: Object.fromEntries(texts.map((text, at) => [`label.${at}`, text])),
    Healthcheck: { Test: ['CMD-SHELL', texts[0]] },
    OnBuild: texts.slice(0, 2),
  };
  const history = texts.map((text) => `RUN |1 TOKEN=x /bin/sh -c ${text} # buildkit`);
  return buildImage({ layers: texts.map(() => []), config, history }).config.bytes;
}

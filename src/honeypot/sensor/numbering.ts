/** Gives the events of all decoys their place: sensor, boot, number, session. */
import { randomUUID } from 'node:crypto';
import { emptyNorm } from '../../model/event.ts';
import type { Severity } from '../../model/terms.ts';
import type { Worth } from '../decoy.ts';
import type { NumberedEvent } from '../spool/sink.ts';
import type { RawEvent } from './channel.ts';
import { uuid7 } from './recorder.ts';
import { createSessions } from './sessions.ts';

export interface Numbering {
  readonly boot: string;
  number(event: RawEvent): NumberedEvent;
  /** An event of the sensor itself: `decoy.restarted`, `spool.dropped`, `sensor.gap`. */
  own(type: string, severity: Severity, data: Readonly<Record<string, unknown>>): NumberedEvent;
}

const nowhere = { ip: '0.0.0.0', port: 0 };

export function createNumbering(sensor: string): Numbering {
  const boot = randomUUID();
  const sessions = createSessions();
  const head = `{"v":1,"sensor":${JSON.stringify(sensor)},"boot":"${boot}","seq":`;
  let seq = 0;

  function next(worth: Worth, session: string, members: string): NumberedEvent {
    seq += 1;
    return { seq, worth, line: `${head}${seq},"session":"${session}",${members}}` };
  }

  return {
    boot,
    number: ({ worth, ip, json }) => next(worth, sessions.of(ip, Date.now()), json),
    own(type, severity, data) {
      const event = {
        id: uuid7(),
        ts: new Date().toISOString(),
        type,
        src: nowhere,
        dst: nowhere,
        fp: {},
        norm: emptyNorm,
        raw: { sha256: emptyDigest, len: 0, head: '' },
        attack: [],
        severity,
        data,
      };
      return next('evidence', boot, JSON.stringify(event).slice(1, -1));
    },
  };
}

/** SHA-256 of nothing. */
const emptyDigest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Sensors: how they are, what is wrong, and how a new one comes in. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { z } from 'zod';
import type { enrolment, SensorRow } from '../../../../src/api/sensors.ts';
import { byteWords } from '../../../../src/report/wording.ts';
import { post, remove } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextField, textOf } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Tag } from '../../parts/marks.tsx';
import { NewItem } from '../../parts/new-item.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Ago, durationWords } from '../../parts/time.tsx';
import { refresh, useMay } from '../../queries.ts';
import { SensorName, shortName } from './columns.tsx';
import { healthTones } from './health.ts';
import { NoSensor } from './no-sensor.tsx';
import { pace } from './queries.ts';

export function SensorsPage(): ReactNode {
  const mayInvite = useMay('admin');
  useSensorsAgain();
  return (
    <Section title="Sensors" actions={mayInvite && <Invitation />}>
      <Listed<SensorRow> name="sensors" path="/sensors" what="the sensors">
        {(rows, more) => (
          <DataTable
            name="sensors"
            caption="sensors"
            noun="sensor"
            columns={mayInvite ? [...columns, revokeColumn] : columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            plain={rows.length < 12}
            empty={<NoSensor />}
          />
        )}
      </Listed>
    </Section>
  );
}

/** Silence is no event that the live stream could tell of. */
function useSensorsAgain(): void {
  const client = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => void refresh(client, 'sensors'), pace);
    return () => clearInterval(timer);
  }, [client]);
}

const columns: readonly Column<SensorRow>[] = [
  {
    id: 'health',
    header: 'Health',
    value: (row) => row.health,
    cell: (row) => <Tag tone={healthTones[row.health]}>{row.health}</Tag>,
  },
  {
    id: 'name',
    header: 'Name',
    value: (row) => row.name,
    cell: (row) => <SensorName name={row.name} />,
  },
  {
    id: 'place',
    header: 'Place',
    value: (row) => row.place,
    cell: (row) => <Quoted text={row.place} />,
    hidden: true,
  },
  {
    id: 'problems',
    header: 'Problems',
    value: (row) => row.problems.join('; '),
    cell: problems,
    className: 'min-w-[14rem]',
  },
  { id: 'decoys', header: 'Decoys', value: (row) => row.decoys.length, cell: decoys, number: true },
  {
    id: 'listens',
    header: 'Listens',
    value: listening,
    cell: (row) => <Quoted text={listening(row)} />,
    hidden: true,
  },
  {
    id: 'events',
    header: 'Events',
    number: true,
    value: (row) => row.boot?.events ?? 0,
    cell: (row) => count(row.boot?.events ?? 0),
  },
  {
    id: 'missing',
    header: 'Missing',
    number: true,
    value: (row) => gaps(row),
    cell: (row) => count(gaps(row)),
  },
  {
    id: 'dropped',
    header: 'Dropped',
    number: true,
    value: (row) => row.boot?.dropped ?? 0,
    cell: (row) => count(row.boot?.dropped ?? 0),
  },
  {
    id: 'spool',
    header: 'Waiting',
    number: true,
    value: (row) => row.spool?.bytes ?? 0,
    cell: (row) => (row.spool === undefined ? '–' : byteWords(row.spool.bytes)),
  },
  {
    id: 'skew',
    header: 'Clock',
    number: true,
    value: (row) => row.clockSkewMs ?? 0,
    cell: (row) =>
      row.clockSkewMs === undefined ? '–' : `${durationWords(Math.abs(row.clockSkewMs) / 1000)} off`,
  },
  {
    id: 'version',
    header: 'Version',
    value: (row) => row.version,
    cell: (row) => <Quoted text={row.version} />,
    hidden: true,
  },
  {
    id: 'heard',
    header: 'Last heard',
    value: (row) => row.heardAt ?? '',
    cell: (row) => (row.heardAt === undefined ? 'never' : <Ago time={row.heardAt} />),
  },
];

/** Numbers that did not come, and of which the spool does not say that it shed them. */
function gaps({ boot }: SensorRow): number {
  return boot === undefined ? 0 : Math.max(0, boot.missing - boot.dropped);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function problems(row: SensorRow): ReactNode {
  if (row.problems.length === 0) return <span className="text-soft">none</span>;
  return (
    <ul>
      {row.problems.map((one) => (
        <li key={one}>
          <Quoted text={one} />
        </li>
      ))}
    </ul>
  );
}

function decoys({ decoys: all }: SensorRow): ReactNode {
  if (all.length === 0) return '–';
  const up = all.filter(({ state }) => state === 'up').length;
  return up === all.length ? up : `${up} of ${all.length} up`;
}

function listening({ decoys: all }: SensorRow): string {
  return all
    .map(({ name, address = '', state }) => `${name} ${address}${state === 'up' ? '' : ` (${state})`}`.trim())
    .join(', ');
}

const revokeColumn: Column<SensorRow> = {
  id: 'revoke',
  header: '',
  cell: (row) => (row.health === 'revoked' ? null : <Revoke sensor={row} />),
};

function Revoke({ sensor }: { readonly sensor: SensorRow }): ReactNode {
  const client = useQueryClient();
  const name = shortName(sensor.name);
  const revoke = async () => {
    await remove(`/sensors/${sensor.id}`);
    void refresh(client, 'sensors', 'honeypots');
  };
  return (
    <Confirm label="Revoke" subject={name} title={`Revoke ${name}?`} run={revoke}>
      Its token is worth nothing from then on, and what it delivers is refused. What it delivered stays.
    </Confirm>
  );
}

function Invitation(): ReactNode {
  const invite = (form: FormData) =>
    post<z.infer<typeof enrolment>>('/sensors/enrolments', {
      name: textOf(form, 'name'),
      place: textOf(form, 'place') ?? '',
    });
  return (
    <NewItem
      label="Invite a sensor"
      action="Invite"
      create={invite}
      created={({ secret, expiresAt }) => (
        <Secret value={secret}>
          Put it into a file on the sensor, and start{' '}
          <code>waterguard honeypot --server {location.origin} --token-file FILE</code> there. It works once,
          and ends <Ago time={expiresAt} />. It is not shown again.
        </Secret>
      )}
    >
      {(error) => (
        <>
          <TextField
            label="Name"
            name="name"
            required
            maxLength={100}
            pattern="[\w.\-]{1,100}"
            title="Letters, digits and . _ -"
            error={error}
            autoCapitalize="none"
            autoComplete="off"
          />
          <TextField
            label="Place"
            name="place"
            maxLength={200}
            hint="Where it stands, for people"
            error={error}
          />
        </>
      )}
    </NewItem>
  );
}

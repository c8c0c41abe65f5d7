/** Figures of sensors for Prometheus, as they told last; of each its last start. */
import type { Kysely } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import { sensorHealth } from '../api/sensors.ts';
import { listSensors } from '../store/sensors.ts';
import type { Tables } from '../store/tables.ts';

/** @returns what brings the figures up to date, to be called before they are read */
export function addSensorMetrics(registry: Registry, db: Kysely<Tables>): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `waterguard_sensor${name}`, help, labelNames, registers: [registry] });
  const sensors = gauge('s', 'Sensors by health', 'health');
  const heard = gauge('_heard_timestamp_seconds', 'When the sensor was heard last', 'sensor');
  const skew = gauge('_clock_skew_seconds', "The server's clock less the sensor's", 'sensor');
  const decoys = gauge('_decoys', 'Decoys by whether their ports answer', 'sensor', 'state');
  const spool = gauge('_spool_bytes', 'Bytes that wait in its spool', 'sensor');
  const events = gauge('_events', 'Events of its last start', 'sensor');
  const missing = gauge(
    '_events_missing',
    'Numbers of them that did not come, though later ones did',
    'sensor',
  );
  const dropped = gauge('_events_dropped', 'Those that its spool had no room for', 'sensor');
  const all = [sensors, heard, skew, decoys, spool, events, missing, dropped];

  return async () => {
    const rows = await listSensors(db);
    for (const one of all) one.reset();
    for (const health of sensorHealth)
      sensors.set({ health }, rows.filter((one) => one.health === health).length);
    for (const row of rows) {
      const sensor = row.name;
      if (row.heardAt !== undefined) heard.set({ sensor }, Date.parse(row.heardAt) / 1000);
      if (row.clockSkewMs !== undefined) skew.set({ sensor }, row.clockSkewMs / 1000);
      for (const state of ['up', 'restarting', 'down'])
        decoys.set({ sensor, state }, row.decoys.filter((one) => one.state === state).length);
      if (row.spool !== undefined) spool.set({ sensor }, row.spool.bytes);
      if (row.boot === undefined) continue;
      events.set({ sensor }, row.boot.events);
      missing.set({ sensor }, row.boot.missing);
      dropped.set({ sensor }, row.boot.dropped);
    }
  };
}

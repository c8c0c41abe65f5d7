/** How the health of a sensor is coloured; it is always a word as well. */
import type { SensorHealth } from '../../../../src/api/sensors.ts';

export const healthTones: Readonly<Record<SensorHealth, string>> = {
  ok: 'text-good',
  skewed: 'text-medium',
  faulty: 'text-high',
  silent: 'text-high',
  new: 'text-soft',
  revoked: 'text-soft',
};

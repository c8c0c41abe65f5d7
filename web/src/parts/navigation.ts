/** The pages that the console leads to, in the order of the list at its side. A page more is a line more. */

export interface Destination {
  readonly to: string;
  readonly label: string;
  /** Pressed after `g`. */
  readonly key: string;
}

export const destinations: readonly Destination[] = [
  { to: '/', label: 'Overview', key: 'o' },
  { to: '/images', label: 'Images', key: 'i' },
  { to: '/findings', label: 'Findings', key: 'f' },
  { to: '/hunts', label: 'Hunts', key: 'h' },
  { to: '/honeypots', label: 'Honeypots', key: 'p' },
  { to: '/settings', label: 'Settings', key: 's' },
];

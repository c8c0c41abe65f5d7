/** What the parts of the platform's benchmark stand on. */
export interface Ground {
  /** Empty, and the part's own. */
  readonly folder: string;
  /** 1 for the full sizes; CI runs a tenth. */
  readonly scale: number;
  readonly say: (text: string) => void;
}

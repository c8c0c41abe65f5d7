/** What the build makes of the world (`web/world.ts`). */

/** Degrees east and north. */
export type Position = readonly [longitude: number, latitude: number];

export interface World {
  /** GeoJSON; the name of each country is its code in ISO 3166-1 alpha-2, or empty. */
  readonly shapes: {
    readonly type: 'FeatureCollection';
    readonly features: readonly {
      readonly type: 'Feature';
      readonly properties: { readonly name: string };
      readonly geometry: { readonly type: 'MultiPolygon'; readonly coordinates: Position[][][] };
    }[];
  };
  /** Within each country, also in those that have no shape. */
  readonly places: Readonly<Record<string, Position>>;
}

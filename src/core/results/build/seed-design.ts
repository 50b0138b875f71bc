// How the seeds of replications were chosen, by the places of the replications. Knows seeds, not what they gave.
import { assert } from "../../base/assert.js";
import type { Design } from "../../stats/stratified-ratio.js";
import type { Replication, SeedStrata } from "../shape/result.js";

/** Empty where they were not chosen. Every seed of a stratum must be among the replications. */
export function designOf(replications: readonly Replication[], strata: SeedStrata | null): Design {
  if (strata === null) return [];
  const places = new Map(replications.map(({ seed }, index) => [seed, index]));
  return strata.blocks.map(({ candidates, strata: all }) => ({
    candidates,
    strata: all.map(({ share, seeds }) => ({
      share,
      members: seeds.map((seed) => {
        const place = places.get(seed);
        assert(place !== undefined, "every seed of a stratum was run");
        return place;
      }),
    })),
  }));
}

// Which replica of a pool takes a sequence. Knows how full replicas are and nothing of who asks.
import type { Replica } from "../replica/replica.js";

/** No replica can take it now. */
export const NOWHERE = -1;

/** Least loaded by the share of busy slots, the first of equals, among those where the sequence fits. */
export function leastLoaded(replicas: readonly Replica[], kvTokens: number): number {
  let best = NOWHERE;
  let bestLoad = Number.POSITIVE_INFINITY;
  for (let index = 0; index < replicas.length; index++) {
    const replica = replicas[index]!;
    const load = replica.slotsBusy / replica.slots;
    if (load < bestLoad && replica.fits(kvTokens)) {
      best = index;
      bestLoad = load;
    }
  }
  return best;
}

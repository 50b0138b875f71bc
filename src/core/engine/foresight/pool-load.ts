// The load of a pool of which nothing is short, as so many replicas that are full: sequences, in the queue and inside,
// over those that fit into one, be it by its places or by its KV cache. Replicas that work in steps are slower the
// fuller they are, so that the same requests are more sequences in fewer, fuller ones: by Little's law as many times
// more as a step takes longer. An estimate: prefills, which take as long as before, are stretched, too (ours).
import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/units.js";
import type { Pool } from "../../server/fleet/pool.js";
import type { StepProfile } from "../../server/profile/step-profile.js";

export class PoolLoad {
  readonly #pool: Pool;
  readonly #profile: StepProfile | undefined;
  readonly #slots: number;
  /** Sequences that fill a replica, and by how much more there will be of them then: as of the last `measure`. */
  #places: number;
  #stretch = 1;

  /** A pool that has a replica; `profile` undefined where they do not work in steps. */
  constructor(pool: Pool, profile: StepProfile | undefined) {
    const { replicas } = pool;
    assert(replicas.length > 0, "a pool of which nothing is short has a replica");
    this.#pool = pool;
    this.#profile = profile;
    this.#slots = replicas[0]!.slots;
    this.#places = this.#slots;
  }

  /** By the contexts as of the last `measure`: these change slowly, and adding them up takes long. */
  get replicas(): number {
    return ((this.#pool.slotsBusy + this.#pool.queue.length) * this.#stretch) / this.#places;
  }

  /** Looks at what the sequences inside take. */
  measure(now: Instant): void {
    const { slotsBusy: inside, serving, kvMost } = this.#pool;
    if (kvMost === Number.POSITIVE_INFINITY || inside === 0 || serving.replicas === 0) return;
    const context = this.#pool.kvUsed(now) / inside;
    this.#places = Math.max(1, Math.min(this.#slots, kvMost / context));
    this.#stretch = stretch(this.#profile, context, Math.max(1, inside / serving.replicas), this.#places);
  }
}

/** How many times longer a step takes with so many sequences, each of that context, than with so few. */
function stretch(profile: StepProfile | undefined, context: number, few: number, many: number): number {
  if (profile === undefined || many <= few) return 1;
  return stepOf(profile, context, many) / stepOf(profile, context, few);
}

function stepOf(profile: StepProfile, context: number, sequences: number): number {
  const whole = Math.round(sequences);
  return profile.base(whole, 0) + profile.slope(whole) * whole * context;
}

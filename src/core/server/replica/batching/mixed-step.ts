// A step with prefills: which chunks of them it takes, how long that is beside the decoding sequences, and how it
// heats. One for all replicas of a pool; `row` says of which. Knows no memory and no events.
import { assert } from "../../../base/assert.js";
import type { Instant } from "../../../base/units.js";
import { atSpeed } from "../speed.js";
import { boostAt, boostLeft } from "./boost-clock.js";
import type { BatchingOptions } from "./options.js";
import type { PrefillLoad, Prefills } from "./prefills.js";
import { grained } from "./progression.js";
import { ENDED_AT, FROM, IS_HOT, LEFT, type ReplicaRows, SPEED } from "./replica-rows.js";

export class MixedSteps {
  readonly #options: BatchingOptions;
  readonly #rows: ReplicaRows;
  readonly #boostMemory: number;
  readonly #loadPerToken: number;
  readonly #load: PrefillLoad = { tokens: 0, area: 0, prior: 0, loading: 0 };

  constructor(options: BatchingOptions, rows: ReplicaRows) {
    this.#options = options;
    this.#rows = rows;
    this.#boostMemory = options.profile.boostMemory ?? 1;
    this.#loadPerToken = options.kvOffload?.loadPerToken ?? 0;
  }

  /** A replica comes up, its GPU rested. */
  begin(row: number): void {
    const { numbers } = this.#rows;
    numbers[row + IS_HOT] = 0;
    numbers[row + LEFT] = 1;
    numbers[row + ENDED_AT] = Number.NEGATIVE_INFINITY;
  }

  /** When it ends if it begins at `now` beside so many decoding sequences, which have that much context. */
  plan(row: number, prefills: Prefills, now: Instant, decoding: number, sumContext: number): Instant {
    const { profile, maxBatchedTokens } = this.#options;
    const load = this.#load;
    prefills.plan(maxBatchedTokens - decoding * profile.tokensPerSequence, load);
    let micros = profile.base(decoding, load.tokens) + profile.slope(decoding) * sumContext;
    micros += profile.prefill(load.area, load.prior);
    if (load.loading > 0) micros += this.#loadPerToken * load.loading;
    const boost = profile.boost?.(decoding, load.tokens) ?? 0;
    const { numbers } = this.#rows;
    numbers[row + IS_HOT] = boost > 0 ? 1 : 0;
    numbers[row + FROM] = now;
    if (boost > 0) micros -= boost * this.#shareAt(row, now);
    const end = (now + Math.round(grained(atSpeed(micros, numbers[row + SPEED]!)))) as Instant;
    assert(end > now, "LAW-2: a step takes time");
    return end;
  }

  /** The step planned last has run to its end. */
  end(row: number, now: Instant): void {
    const { numbers } = this.#rows;
    if (numbers[row + IS_HOT] === 0) return;
    const from = numbers[row + FROM]!;
    numbers[row + LEFT] = boostLeft(this.#shareAt(row, from), now - from, this.#boostMemory);
    numbers[row + ENDED_AT] = now;
  }

  #shareAt(row: number, start: number): number {
    const { numbers } = this.#rows;
    return boostAt(start, numbers[row + LEFT]!, numbers[row + ENDED_AT]!, this.#boostMemory);
  }
}

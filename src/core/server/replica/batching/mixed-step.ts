// A step with prefills: which chunks of them it takes, how long that is beside the decoding sequences, and how it
// heats. One for all replicas of a pool; `row` says of which. Knows no memory and no events.
import { assert } from "../../../base/assert.js";
import type { Instant } from "../../../base/units.js";
import { atSpeed } from "../speed.js";
import { lowAfter, lowAt } from "./boost-clock.js";
import type { BatchingOptions } from "./options.js";
import type { PrefillLoad, Prefills } from "./prefills.js";
import { grained } from "./progression.js";
import { DRAG, ENDED_AT, HOT_FROM, LOW, type ReplicaRows, SPEED } from "./replica-rows.js";

export class MixedSteps {
  readonly #options: BatchingOptions;
  readonly #rows: ReplicaRows;
  readonly #memory: number;
  readonly #rest: number;
  readonly #loadPerToken: number;
  readonly #load: PrefillLoad = { tokens: 0, area: 0, prior: 0, loading: 0 };

  constructor(options: BatchingOptions, rows: ReplicaRows) {
    this.#options = options;
    this.#rows = rows;
    this.#memory = options.profile.clock?.memory ?? 1;
    this.#rest = options.profile.clock?.rest ?? 1;
    this.#loadPerToken = options.kvOffload?.loadPerToken ?? 0;
  }

  /** A replica comes up, its GPU rested. */
  begin(row: number): void {
    const { numbers } = this.#rows;
    numbers[row + DRAG] = 0;
    numbers[row + HOT_FROM] = Number.NEGATIVE_INFINITY;
    numbers[row + LOW] = 0;
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
    const { numbers } = this.#rows;
    const { clock } = profile;
    numbers[row + HOT_FROM] = Number.NEGATIVE_INFINITY;
    if (clock !== undefined) {
      const low = this.#lowAt(row, now);
      const boost = clock.boost(decoding, load.tokens);
      if (boost > 0) {
        numbers[row + HOT_FROM] = now;
        micros -= boost * (1 - low);
      } else micros += low * clock.drag(decoding, load.tokens);
    }
    const end = (now + Math.round(grained(atSpeed(micros, numbers[row + SPEED]!)))) as Instant;
    assert(end > now, "LAW-2: a step takes time");
    return end;
  }

  /** The step planned last has run to its end. */
  end(row: number, now: Instant): void {
    const { numbers } = this.#rows;
    const from = numbers[row + HOT_FROM]!;
    if (from === Number.NEGATIVE_INFINITY) return;
    numbers[row + LOW] = lowAfter(this.#lowAt(row, from), now - from, this.#memory);
    numbers[row + ENDED_AT] = now;
  }

  #lowAt(row: number, at: number): number {
    const { numbers } = this.#rows;
    return lowAt(at, numbers[row + LOW]!, numbers[row + ENDED_AT]!, this.#rest);
  }
}

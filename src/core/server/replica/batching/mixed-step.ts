// A step with prefills: which chunks of them it takes, how long that is beside the decoding sequences, and how it
// heats. Knows no memory and no events.
import { assert } from "../../../base/assert.js";
import type { Instant } from "../../../base/units.js";
import { BoostClock } from "./boost-clock.js";
import type { BatchingOptions } from "./options.js";
import type { PrefillLoad, Prefills } from "./prefills.js";
import { grained } from "./progression.js";

export class MixedStep {
  readonly #options: BatchingOptions;
  readonly #prefills: Prefills;
  readonly #load: PrefillLoad;
  readonly #boost: BoostClock | undefined;
  /** The step last planned: when it begins and whether it heats. */
  #from = 0 as Instant;
  #isHot = false;

  constructor(options: BatchingOptions, prefills: Prefills, load: PrefillLoad) {
    const { profile } = options;
    this.#options = options;
    this.#prefills = prefills;
    this.#load = load;
    this.#boost = profile.boost === undefined ? undefined : new BoostClock(profile.boostMemory ?? 1);
  }

  /** When it ends if it begins at `now` beside so many decoding sequences, which have that much context. */
  plan(now: Instant, decoding: number, sumContext: number): Instant {
    const { profile, maxBatchedTokens } = this.#options;
    const load = this.#load;
    this.#prefills.plan(maxBatchedTokens - decoding * profile.tokensPerSequence, load);
    let micros = profile.base(decoding, load.tokens) + profile.slope(decoding) * sumContext;
    micros += profile.prefill(load.area, load.prior);
    const boost = profile.boost?.(decoding, load.tokens) ?? 0;
    this.#isHot = boost > 0;
    this.#from = now;
    if (this.#isHot) micros -= boost * this.#boost!.shareAt(now);
    const end = (now + Math.round(grained(micros))) as Instant;
    assert(end > now, "LAW-2: a step takes time");
    return end;
  }

  /** The step planned last has run to its end. */
  end(now: Instant): void {
    if (this.#isHot) this.#boost!.spend(this.#from, now);
  }
}

// A bounded queue with a deadline, from which sheddable paths are kept with a probability that rises steeply with how
// full the pool is: none is refused while it is nearly empty, nearly all long before it is full. So it stays below the
// point at which the others begin to wait, where a threshold lets it fill up first. This is the probabilistic admitter
// of llm-d's router with its defaults: p = min(saturation^power x factor, 1). There the saturation is the mean over
// the replicas, here it is that of the pool, as for `saturation`; without any replica none is refused, here as there.
import pow from "@stdlib/math-base-special-pow";
import type { Instant } from "../../../base/units.js";
import { real } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import type { Verdict } from "../verdict.js";
import { definePolicy, type PolicyContext } from "./policy.js";
import {
  checkSheddable,
  SATURATION_DEFAULTS,
  Saturation,
  type SaturationOptions,
  saturationOptions,
  sheddablePaths,
} from "./saturation.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue } from "./tail-drop.js";

export interface ProbabilisticAdmitterOptions extends SaturationOptions {
  readonly power: number;
  readonly factor: number;
}

export class ProbabilisticAdmitter extends Saturation {
  readonly #rule: ProbabilisticAdmitterOptions;
  readonly #chance: PolicyContext["chance"];
  #drawn = 0;

  constructor(options: ProbabilisticAdmitterOptions, chance: PolicyContext["chance"]) {
    super(options);
    this.#rule = options;
    this.#chance = chance;
  }

  /** Draws once for each arrival, refused or not: what becomes of the next does not hang on who this one is. */
  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    this.#drawn = this.#chance();
    return super.decide(facts, signals, now);
  }

  protected override refuses(signals: PoolSignals, now: Instant): boolean {
    return this.#drawn < this.probability(signals, now);
  }

  /** That a sheddable arrival is refused. */
  probability(signals: PoolSignals, now: Instant): number {
    if (signals.replicas === 0) return 0;
    const { power, factor } = this.#rule;
    return Math.min(1, raised(this.saturation(signals, now), power) * factor);
  }
}

/** The library's power takes working memory with each call: a whole one, as the default is, needs none. */
function raised(base: number, power: number): number {
  if (!Number.isInteger(power)) return pow(base, power);
  let product = 1;
  for (let times = 0; times < power; times++) product *= base;
  return product;
}

export const probabilisticAdmitter = definePolicy({
  name: "probabilistic-admitter",
  summary: "As tail-drop, and refuses more of some paths the fuller the pool is.",
  ordersByPriority: true,
  options: {
    power: real({ above: 0, to: 100 })
      .prefault(5)
      .describe("The higher, the longer none is refused and the steeper it rises."),
    factor: real({ above: 0, to: 1e9 })
      .prefault(300)
      .describe("All are refused where saturation to that power reaches 1 by this."),
    ...saturationOptions,
    ...boundedQueue,
  },
  sources: [
    {
      text: "llm-d/llm-d-router @a3de268 pkg/epp/framework/plugins/requestcontrol/admitter/probabilisticadmitter",
      date: "2026-11",
    },
  ],
  defaults: { power: "read", factor: "read", ...SATURATION_DEFAULTS, ...BOUNDED_QUEUE_DEFAULTS },
  check: checkSheddable,
  create: ({ sheddable, ...options }, { paths, chance }) =>
    new ProbabilisticAdmitter({ ...options, sheddable: sheddablePaths(sheddable, paths) }, chance),
});

// The less loaded of two replicas drawn at random. Source: Mitzenmacher, "The power of two choices in randomized load
// balancing", 2001. On dated readings it herds less than least-loaded does: two at random are seldom the best (the
// same, "How useful is old information?", 2000; abstract, read November 2026).
import type { Instant } from "../../../base/units.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import type { LoadIndex } from "../load-index.js";
import {
  checkCountSent,
  type DatedLoads,
  datedShares,
  LOAD_SIGNAL_DEFAULTS,
  type LoadSignals,
  loadSignals,
  OLD_INFORMATION,
} from "./dated-loads.js";
import { definePlacement, type PlacementRule, type RuleContext } from "./rule.js";

class PowerOfTwo implements PlacementRule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  wish(): number {
    return lessLoaded(this.#context, this.#context.loads);
  }
}

class DatedPowerOfTwo implements PlacementRule {
  readonly signals: DatedLoads;
  readonly #context: RuleContext;

  constructor(options: LoadSignals, context: RuleContext) {
    this.signals = datedShares(options, context);
    this.#context = context;
  }

  wish(_: StatedPrompt, __: number, now: Instant): number {
    this.signals.follow(now);
    return lessLoaded(this.#context, this.signals.known);
  }

  placed(_: StatedPrompt, replica: number): void {
    this.signals.add(replica, 1 / this.#context.replicas[replica]!.slots);
  }
}

function lessLoaded({ chance, ready }: RuleContext, loads: LoadIndex): number {
  const one = ready[chance.below(ready.length)]!;
  const other = ready[chance.below(ready.length)]!;
  return loads.loadOf(other) < loads.loadOf(one) ? other : one;
}

export const powerOfTwo = definePlacement({
  name: "power-of-two",
  summary: "The less loaded of two replicas drawn at random.",
  options: loadSignals("0s"),
  sources: [OLD_INFORMATION],
  defaults: LOAD_SIGNAL_DEFAULTS,
  refine: checkCountSent,
  create: (options, context) =>
    options.signals.period === 0 ? new PowerOfTwo(context) : new DatedPowerOfTwo(options, context),
});

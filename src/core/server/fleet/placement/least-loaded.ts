// The replica with the smallest share of busy slots, the first of equals; on dated readings the one that looked so.
// Then all that is placed between two readings goes to it, unless the router counts what it sends: the herd of
// Mitzenmacher, "How useful is old information?", 2000 (abstract, read November 2026).
import type { Instant } from "../../../base/units.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import { NOWHERE } from "../load-index.js";
import {
  checkCountSent,
  type DatedLoads,
  datedShares,
  LOAD_SIGNAL_DEFAULTS,
  type LoadSignals,
  loadSignals,
  OLD_INFORMATION,
} from "./dated-loads.js";
import { definePlacement, type PlacementRule, type ReplicaFacts, type RuleContext } from "./rule.js";

class DatedLeast implements PlacementRule {
  readonly signals: DatedLoads;
  readonly #replicas: readonly ReplicaFacts[];

  constructor(options: LoadSignals, context: RuleContext) {
    this.signals = datedShares(options, context);
    this.#replicas = context.replicas;
  }

  wish(_: StatedPrompt, __: number, now: Instant): number {
    this.signals.follow(now);
    return this.signals.known.least;
  }

  placed(_: StatedPrompt, replica: number): void {
    this.signals.add(replica, 1 / this.#replicas[replica]!.slots);
  }
}

export const leastLoaded = definePlacement({
  name: "least-loaded",
  summary: "The replica with the smallest share of busy slots, the first of equals.",
  options: loadSignals("0s"),
  sources: [OLD_INFORMATION],
  defaults: LOAD_SIGNAL_DEFAULTS,
  refine: checkCountSent,
  create: (options, context) =>
    options.signals.period === 0 ? { wish: () => NOWHERE } : new DatedLeast(options, context),
});

// The replica with the most free KV tokens: what routers do that go by the KV use that engines report, such as the
// kv-cache-utilization scorer of llm-d (the replicas of a pool have equal memory, so that least used is most free). A
// prompt takes its tokens before its slot tells how large it is: where lengths differ widely, slots say little of
// memory. What only a cache keeps counts as free, as engines report it.
import type { Instant } from "../../../base/units.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import { CLOSED, NOWHERE } from "../load-index.js";
import {
  checkCountSent,
  DatedLoads,
  LOAD_SIGNAL_DEFAULTS,
  type LoadSignals,
  loadSignals,
} from "./dated-loads.js";
import { definePlacement, type PlacementRule, type ReplicaFacts, type RuleContext } from "./rule.js";

/** Free tokens, negated; without a bound on memory, of which all is free, what is in use. */
function shortage({ kvTokens, kvUsed }: { kvTokens: number; kvUsed: number }): number {
  return kvTokens === Number.POSITIVE_INFINITY ? kvUsed : kvUsed - kvTokens;
}

const read = (replica: ReplicaFacts, now: Instant) =>
  shortage({ kvTokens: replica.kvTokens, kvUsed: replica.kvUsed(now) });

class DatedHeadroom implements PlacementRule {
  readonly signals: DatedLoads;

  constructor({ countSent, signals }: LoadSignals, context: RuleContext) {
    const { ready, membership, replicas, lossChance } = context;
    this.signals = new DatedLoads({ countSent, signals, ready, membership, replicas, lossChance, read });
  }

  wish(_: StatedPrompt, __: number, now: Instant): number {
    this.signals.follow(now);
    return this.signals.known.least;
  }

  /** What a cache will save of it the router does not know. */
  placed({ inputTokens }: StatedPrompt, replica: number): void {
    this.signals.add(replica, inputTokens);
  }
}

/** Contexts grow with every step of every replica: who has most room now can only be found by a look at all. */
class LiveHeadroom implements PlacementRule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  wish(_: StatedPrompt, __: number, now: Instant): number {
    const { ready, replicas, loads } = this.#context;
    let best = NOWHERE;
    let least = 0;
    for (let index = 0; index < ready.length; index++) {
      const leaf = ready[index]!;
      if (loads.loadOf(leaf) === CLOSED) continue;
      const short = read(replicas[leaf]!, now);
      if (best !== NOWHERE && short >= least) continue;
      least = short;
      best = leaf;
    }
    return best;
  }
}

export const kvHeadroom = definePlacement({
  name: "kv-headroom",
  summary: "The replica with the most free KV tokens, the first of equals.",
  // Ours. At 0s each placement looks at all replicas: for small pools, and as the bound of what fresh signals give.
  options: loadSignals("100ms"),
  defaults: LOAD_SIGNAL_DEFAULTS,
  refine: checkCountSent,
  create: (options, context) =>
    options.signals.period === 0 ? new LiveHeadroom(context) : new DatedHeadroom(options, context),
});

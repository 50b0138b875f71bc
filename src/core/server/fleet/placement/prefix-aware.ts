// The replica whose cache saves most of the prompt for its load: the highest of
//   cacheWeight x (tokens believed cached there / tokens of the prompt) - share of busy slots.
// A weighted sum of a score for the cache and one for the load, as in the endpoint picker of llm-d (by default prefix 3
// to queue 2; Red Hat, "Configuring scheduler settings for LLM inference services", excerpt), which stretches queues to
// 0..1 between the shortest and the longest of the pool. Here a load is the share of a replica's own slots, so that the
// weight says what it buys: a prompt that is cached whole follows its cache until there `cacheWeight` of the slots more
// are busy than elsewhere. Dynamo weighs the same two in blocks (Router Design, v1.2.0, excerpt).
//
// Loads are a dated copy; the index is the router's own, and as new as what it sent. Only the replicas that it names
// for the session and for the prefix, and the least loaded, can be the best: all others hold nothing, as far as is
// known, and are no less loaded. So an attempt looks at fifteen at most, whatever the size of the pool. A prefix that
// more replicas hold than are named goes to the least loaded as soon as that holds it as well.
import { NONE } from "../../../base/none.js";
import type { Instant } from "../../../base/units.js";
import { real } from "../../../document/units.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import { type LoadIndex, NOWHERE } from "../load-index.js";
import {
  checkCountSent,
  type DatedLoads,
  datedShares,
  LOAD_SIGNAL_DEFAULTS,
  type LoadSignals,
  loadSignals,
  Members,
} from "./dated-loads.js";
import { HOLDERS, PrefixIndex } from "./prefix-index.js";
import { definePlacement, type PlacementRule, type ReplicaFacts, type RuleContext } from "./rule.js";

interface PrefixAwareOptions extends LoadSignals {
  readonly cacheWeight: number;
}

class PrefixAware implements PlacementRule {
  readonly signals?: DatedLoads;
  readonly #cacheWeight: number;
  readonly #replicas: readonly ReplicaFacts[];
  /** As the router knows them. */
  readonly #loads: LoadIndex;
  readonly #index: PrefixIndex;
  readonly #members: Members;
  /** By leaf: whose cache the index means. */
  readonly #holders: (ReplicaFacts | undefined)[] = [];
  /** Of the question under way. */
  #best = NOWHERE;
  #bestScore = 0;

  constructor({ cacheWeight, ...given }: PrefixAwareOptions, context: RuleContext) {
    const { replicas, loads } = context;
    if (given.signals.period > 0) this.signals = datedShares(given, context);
    this.#cacheWeight = cacheWeight;
    this.#replicas = replicas;
    this.#loads = this.signals?.known ?? loads;
    this.#index = new PrefixIndex(replicas, this.#loads);
    // One that drained and takes sequences again has its cache still; another in its place has none.
    this.#members = new Members(context, (leaf, replica) => {
      if (replica === undefined || this.#holders[leaf] === replica) return;
      this.#holders[leaf] = replica;
      this.#index.forget(leaf);
    });
  }

  wish(work: StatedPrompt, _: number, now: Instant): number {
    this.signals?.follow(now);
    this.#members.follow();
    const { session, prefix } = work;
    this.#best = NOWHERE;
    // First: of equals it is the least loaded.
    this.#consider(work, this.#loads.least);
    for (let place = 0; place < HOLDERS && session !== NONE; place++) {
      this.#consider(work, this.#index.holderOfSession(session, place));
    }
    for (let place = 0; place < HOLDERS && prefix !== NONE; place++) {
      this.#consider(work, this.#index.holderOfPrefix(prefix, place));
    }
    return this.#best;
  }

  placed(work: StatedPrompt, replica: number): void {
    // Who came since the last wish must not be taken for the one before it.
    this.#members.follow();
    this.#index.add(work, replica);
    this.signals?.add(replica, 1 / this.#replicas[replica]!.slots);
  }

  #consider(work: StatedPrompt, leaf: number): void {
    if (leaf === NOWHERE) return;
    const held = this.#index.held(work, leaf);
    const saved = held === 0 ? 0 : held / work.inputTokens;
    // Minus infinity where it takes none.
    const score = this.#cacheWeight * saved - this.#loads.loadOf(leaf);
    if (this.#best !== NOWHERE && score <= this.#bestScore) return;
    this.#best = leaf;
    this.#bestScore = score;
  }
}

export const prefixAware = definePlacement({
  name: "prefix-aware",
  summary: "The replica that has most of the prompt cached, weighed against its load.",
  options: {
    // Ours: twice the slack of affinity, since it buys as much of the prompt as is cached and no more.
    cacheWeight: real({ from: 0, to: 1000 })
      .prefault(0.5)
      .describe(
        "Share of slots by which a replica that has all of the prompt may be busier; with a part, that part of it.",
      ),
    // Ours.
    ...loadSignals("100ms"),
  },
  defaults: { cacheWeight: "ours", ...LOAD_SIGNAL_DEFAULTS },
  refine: checkCountSent,
  create: (options, context) => new PrefixAware(options, context),
});

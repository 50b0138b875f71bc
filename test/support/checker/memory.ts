// What the sequences in one replica take of its memory, reckoned from outside: from their prompts and from what they
// have generated. Bounds, not numbers: a step in progress has taken its memory already, a sequence that was preempted
// may or may not be back, and where sequences share a context it is there once. Knows no laws.
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { Attempt, Books } from "./books.js";

interface Rules {
  readonly blockTokens: number;
  /** In blocks: all there is, and what a start leaves free. */
  readonly capacity: number;
  readonly watermark: number;
  /** Tokens that a step may add to a sequence. */
  readonly perStep: number;
  /** Whether sequences may stand on the same blocks. */
  readonly mayShare: boolean;
}

export class Memory {
  readonly #engine: Engine;
  readonly #books: Books;
  /** By pool; undefined where memory has no limit. */
  readonly #rules: readonly (Rules | undefined)[];
  readonly #from: number;

  constructor(engine: Engine, scenario: Scenario, books: Books) {
    this.#engine = engine;
    this.#books = books;
    this.#from = scenario.warmup;
    const { parts } = engine.service;
    const mayShare = Object.values(scenario.traffic).some(
      (source) => source.kind === "trace" || source.prefix !== undefined,
    );
    this.#rules = Object.values(scenario.pools).map(({ replica }, pool) => {
      if (replica.engine === "slots") return undefined;
      const capacity = parts.pools[pool]!.kvMost / replica.kvBlockTokens;
      return {
        blockTokens: replica.kvBlockTokens,
        capacity,
        watermark: Math.floor(capacity * replica.kvWatermark),
        perStep: parts.profiles[pool]!.tokensPerSequence,
        mayShare: mayShare && replica.prefixCache,
      };
    });
  }

  /** What is wrong with what a replica says of its memory; undefined if nothing is. */
  problem(index: number, inside: readonly Attempt[], now: Instant): string | undefined {
    const rules = this.#rulesOf(index);
    if (rules === undefined) return undefined;
    const replica = this.#engine.service.parts.fleet.instances.replicaOf(index);
    const used = replica.kvUsed(now);
    if (used > replica.kvTokens) return `${used} of ${replica.kvTokens} KV tokens`;
    if (used < 0 || (inside.length === 0 && used !== 0))
      return `${used} KV tokens of ${inside.length} sequences`;
    if (now > this.#from && replica.kvPeak(now) < used) return `a peak below the ${used} KV tokens in use`;
    const most = inside.reduce((sum, attempt) => sum + this.#tokensAtMost(rules, attempt, now), 0);
    if (used > most) return `${used} KV tokens, but sequences of at most ${most}`;
    if (rules.mayShare) return undefined;
    const there = inside.filter((attempt) => !this.#books.mayBeLost(attempt, now));
    const exact = there.reduce((sum, attempt) => sum + this.#tokensAtLeast(attempt, now), 0);
    const least = exact - there.reduce((sum, attempt) => sum + shortfall(rules, attempt), 0);
    if (used < least) return `${used} KV tokens, but sequences of at least ${least}`;
    const blocks = there.reduce(
      (sum, attempt) => sum + Math.ceil(this.#tokensAtLeast(attempt, now) / rules.blockTokens),
      0,
    );
    return blocks > rules.capacity ? `${blocks} blocks of ${rules.capacity}` : undefined;
  }

  /** Whether one more certainly fits beside those inside. */
  hasRoom(index: number, inside: readonly Attempt[], attempt: Attempt, now: number): boolean {
    const rules = this.#rulesOf(index);
    if (rules === undefined) return true;
    const blocksOf = (tokens: number) => Math.ceil(tokens / rules.blockTokens);
    const used = inside.reduce((sum, other) => sum + blocksOf(this.#tokensAtMost(rules, other, now)), 0);
    const free = rules.capacity - (inside.length === 0 ? 0 : rules.watermark);
    return used + blocksOf(attempt.inputTokens + 1) <= free;
  }

  #rulesOf(slot: number): Rules | undefined {
    return this.#rules[this.#engine.service.parts.fleet.instances.poolOf(slot)];
  }

  #tokensAtLeast(attempt: Attempt, now: number): number {
    return attempt.inputTokens + this.#books.generatedBy(attempt, now);
  }

  #tokensAtMost({ perStep }: Rules, attempt: Attempt, now: number): number {
    return attempt.inputTokens + this.#books.generatedBy(attempt, now) + 1 + perStep;
  }
}

/** Where drafts are accepted, what a step adds is cut to multiples of 2^-20: in the end as much a step may be missing. */
function shortfall({ perStep }: Rules, { outputTokens }: Attempt): number {
  return perStep > 1 ? outputTokens * 2 ** -20 : 0;
}

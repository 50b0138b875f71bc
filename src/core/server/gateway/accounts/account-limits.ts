// The account limits behind every 429: requests, prompt tokens, uncached prompt tokens and generated tokens per
// (account, model id); requests may be limited per account over all models instead. Knows nothing of the fleet: a
// 429 depends on what the account did, never on how busy the fleet is (LAW-11).
//
// The dimensions and the account-wide request limit follow Fireworks' public rate-limit page.
import type { Duration, Instant } from "../../../base/units.js";
import { definitionOf } from "../../../document/definition.js";
import type { RequestFacts } from "../request-facts.js";
import { RATE_LIMITED, type Verdict } from "../verdict.js";
import { OUTPUT_ACCOUNTINGS, type OutputAccountingName } from "./output-accounting.js";
import { type BucketSpec, TokenBuckets } from "./token-bucket.js";

export interface AccountLimitOptions {
  readonly requests?: (BucketSpec & { readonly scope: "account" | "model" }) | undefined;
  readonly promptTokens?: BucketSpec | undefined;
  readonly uncachedPromptTokens?: BucketSpec | undefined;
  readonly generatedTokens?: BucketSpec | undefined;
  readonly outputAccounting: OutputAccountingName;
  /** Tokens taken at admission where an expectation is charged. */
  readonly expectedOutput: number;
  /** Whether a request that is shed after this check keeps its charge. */
  readonly chargeShed: boolean;
}

type Dimension = keyof typeof RATE_LIMITED;

interface Limit {
  readonly dimension: Dimension;
  readonly buckets: TokenBuckets;
  readonly column: number;
  readonly perAccount: boolean;
}

export class AccountLimits {
  readonly #options: AccountLimitOptions;
  readonly #charges: "stated" | "expected" | "nothing";
  readonly #models: number;
  readonly #perAccount: TokenBuckets;
  readonly #perModel: TokenBuckets;
  readonly #limits: readonly Limit[];

  /** `models` is the number of model ids that requests can name. */
  constructor(options: AccountLimitOptions, models: number) {
    this.#options = options;
    this.#charges = definitionOf(OUTPUT_ACCOUNTINGS, options.outputAccounting, "output accounting").charges;
    this.#models = models;
    const accountWide: [Dimension, BucketSpec][] = [];
    const modelWide: [Dimension, BucketSpec][] = [];
    if (options.requests !== undefined) {
      (options.requests.scope === "account" ? accountWide : modelWide).push(["requests", options.requests]);
    }
    for (const dimension of ["promptTokens", "uncachedPromptTokens", "generatedTokens"] as const) {
      const spec = options[dimension];
      if (spec !== undefined) modelWide.push([dimension, spec]);
    }
    this.#perAccount = new TokenBuckets(accountWide.map(([, spec]) => spec));
    this.#perModel = new TokenBuckets(modelWide.map(([, spec]) => spec));
    this.#limits = [
      ...accountWide.map(([dimension], column) => ({
        dimension,
        column,
        buckets: this.#perAccount,
        perAccount: true,
      })),
      ...modelWide.map(([dimension], column) => ({
        dimension,
        column,
        buckets: this.#perModel,
        perAccount: false,
      })),
    ];
  }

  /** Whether what was charged last went over a soft limit. */
  readonly isOverSoftCap: boolean = false;

  /** Charges the request in every dimension, or in none: then the verdict says which limit it met first. */
  charge(facts: RequestFacts, now: Instant): Verdict | undefined {
    this.#advance(facts, now);
    for (const limit of this.#limits) {
      const row = this.#row(limit, facts);
      if (!limit.buckets.holds(row, limit.column, this.#needed(limit.dimension, facts)))
        return RATE_LIMITED[limit.dimension];
    }
    for (const limit of this.#limits) {
      limit.buckets.take(this.#row(limit, facts), limit.column, this.#charged(limit.dimension, facts));
    }
    return undefined;
  }

  /** The shortest wait after which `charge` can succeed if no other request comes; undefined if it never can. */
  waitFor(facts: RequestFacts, now: Instant): Duration | undefined {
    this.#advance(facts, now);
    let longest = 0;
    for (const limit of this.#limits) {
      const needed = this.#needed(limit.dimension, facts);
      const wait = limit.buckets.waitFor(this.#row(limit, facts), limit.column, needed);
      if (wait === undefined) return undefined;
      longest = Math.max(longest, wait);
    }
    return longest as Duration;
  }

  /**
   * Gives the whole charge of a shed request back: a 503 must not burn the budget behind the 429. Where shed requests
   * are charged, only what was set aside for output goes back.
   */
  shed(facts: RequestFacts, now: Instant): void {
    if (this.#options.chargeShed) {
      this.settleOutput(facts, 0, now);
      return;
    }
    this.#advance(facts, now);
    for (const limit of this.#limits) {
      limit.buckets.giveBack(this.#row(limit, facts), limit.column, this.#charged(limit.dimension, facts));
    }
  }

  /** Gives back what was charged for prompt tokens that turned out to be in a prefix cache. */
  foundCached(facts: RequestFacts, tokens: number, now: Instant): void {
    if (this.#options.uncachedPromptTokens === undefined || tokens === 0) return;
    this.#advance(facts, now);
    for (const limit of this.#limits) {
      if (limit.dimension !== "uncachedPromptTokens") continue;
      limit.buckets.giveBack(this.#row(limit, facts), limit.column, tokens);
    }
  }

  /** Settles the output of a request that generated `outputTokens` and is over. */
  settleOutput(facts: RequestFacts, outputTokens: number, now: Instant): void {
    if (this.#options.generatedTokens === undefined) return;
    this.#advance(facts, now);
    for (const limit of this.#limits) {
      if (limit.dimension !== "generatedTokens") continue;
      const unused = this.#charged("generatedTokens", facts) - outputTokens;
      const row = this.#row(limit, facts);
      if (unused >= 0) limit.buckets.giveBack(row, limit.column, unused);
      else limit.buckets.take(row, limit.column, -unused);
    }
  }

  #row(limit: Limit, facts: RequestFacts): number {
    return limit.perAccount ? facts.account : facts.account * this.#models + facts.model;
  }

  #advance(facts: RequestFacts, now: Instant): void {
    this.#perAccount.advance(facts.account, now);
    this.#perModel.advance(facts.account * this.#models + facts.model, now);
  }

  /** What must be there. An account that owes generated tokens is refused even where nothing is charged yet. */
  #needed(dimension: Dimension, facts: RequestFacts): number {
    const charged = this.#charged(dimension, facts);
    return dimension === "generatedTokens" ? Math.max(1, charged) : charged;
  }

  #charged(dimension: Dimension, facts: RequestFacts): number {
    switch (dimension) {
      case "requests":
        return 1;
      case "promptTokens":
        return facts.inputTokens;
      case "uncachedPromptTokens":
        return facts.inputTokens - facts.cachedTokens;
      case "generatedTokens":
        if (this.#charges === "stated") return facts.maxTokens;
        return this.#charges === "expected" ? this.#options.expectedOutput : 0;
    }
  }
}

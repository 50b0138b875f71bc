// The account limits behind every 429: requests, prompt tokens, uncached prompt tokens and generated tokens per
// (account, model id), how fast prompts may grow, and how many attempts are under way. Requests may be limited per
// account over all models, and a path may have limits of its own beside. Knows nothing of the fleet: a 429 depends on
// what the account did, never on how busy the fleet is (LAW-11); only how many are under way does depend on it.
//
// The dimensions and the account-wide request limit follow Fireworks' public rate-limit page.
import type { Duration, Instant } from "../../../base/units.js";
import { definitionOf } from "../../../document/definition.js";
import type { RequestFacts } from "../request-facts.js";
import type { Verdict } from "../verdict.js";
import {
  type Limit,
  type LimitOptions,
  type LimitSet,
  type LimitSets,
  limitSets,
  type Scope,
} from "./limit-sets.js";
import type { MeterState } from "./meter.js";
import { OUTPUT_ACCOUNTINGS, type OutputAccountingName } from "./output-accounting.js";

export interface AccountLimitOptions extends LimitOptions {
  readonly outputAccounting: OutputAccountingName;
  /** Tokens taken at admission where an expectation is charged. */
  readonly expectedOutput: number;
  /** Whether a request that is shed after this check keeps its charge. */
  readonly chargeShed: boolean;
}

/** How one limit of a request stands. */
export interface LimitState extends MeterState {
  readonly name: Limit["name"];
  readonly scope: Scope;
}

/**
 * All limits of all accounts. The facts of a request are those it was charged with, but for `cachedTokens`, and
 * `chargedAt` is when. Instants are whole microseconds and never run back.
 */
export class AccountLimits {
  readonly #options: AccountLimitOptions;
  readonly #charges: "stated" | "expected" | "nothing";
  readonly #models: number;
  readonly #sets: LimitSets;
  #isOverSoftCap = false;

  /** `models` is the number of model ids that requests can name. */
  constructor(options: AccountLimitOptions, models: number) {
    this.#options = options;
    this.#charges = definitionOf(OUTPUT_ACCOUNTINGS, options.outputAccounting, "output accounting").charges;
    this.#models = models;
    this.#sets = limitSets(options);
  }

  /** Whether the last charge was let in beyond the soft share of a limit. Valid until the next. */
  get isOverSoftCap(): boolean {
    return this.#isOverSoftCap;
  }

  /** Charges the request against every limit, or against none: then the verdict says which limit it met first. */
  charge(facts: RequestFacts, now: Instant): Verdict | undefined {
    const set = this.#setOf(facts);
    this.#isOverSoftCap = false;
    this.#advance(set, facts, now);
    for (const { name, meter, column, scope, refusal } of set.limits) {
      if (!meter.holds(this.#row(scope, facts), column, this.#needed(name, facts))) return refusal;
    }
    for (const { name, meter, column, scope } of set.limits) {
      meter.take(this.#row(scope, facts), column, this.#charged(name, facts));
    }
    for (const { meter, column, scope } of set.soft) {
      if (meter.isOverSoft(this.#row(scope, facts), column)) this.#isOverSoftCap = true;
    }
    return undefined;
  }

  /**
   * The shortest wait after which `charge` can succeed if no other request comes or ends; undefined if it never can, or
   * if no clock brings it. An adaptive limit may shrink below a large request while another limit is waited for.
   */
  waitFor(facts: RequestFacts, now: Instant): Duration | undefined {
    const set = this.#setOf(facts);
    this.#advance(set, facts, now);
    let longest = 0;
    for (const { name, meter, column, scope } of set.limits) {
      const wait = meter.waitFor(this.#row(scope, facts), column, this.#needed(name, facts), now);
      if (wait === undefined) return undefined;
      longest = Math.max(longest, wait);
    }
    return longest as Duration;
  }

  /** How each limit of the request stands, in the order in which they are met. Allocates. */
  state(facts: RequestFacts, now: Instant): LimitState[] {
    const set = this.#setOf(facts);
    this.#advance(set, facts, now);
    return set.limits.map(({ name, meter, column, scope }) => ({
      name,
      scope,
      ...meter.state(this.#row(scope, facts), column, now),
    }));
  }

  /**
   * Gives the whole charge of a shed request back: a 503 must not burn the budget behind the 429. Where shed requests
   * are charged, only what was set aside for output goes back.
   */
  shed(facts: RequestFacts, chargedAt: Instant, now: Instant): void {
    if (this.#options.chargeShed) {
      this.settleOutput(facts, 0, chargedAt, now);
      return;
    }
    this.withdraw(facts, chargedAt, now);
  }

  /** Of a request that is shed on arrival, and not charged: the charge that it keeps, where shed requests do. */
  shedOnArrival(facts: RequestFacts, now: Instant): void {
    if (this.#options.chargeShed && this.charge(facts, now) === undefined) this.shed(facts, now, now);
  }

  /** Takes a charge back as if there had been none: the request is charged anew elsewhere. */
  withdraw(facts: RequestFacts, chargedAt: Instant, now: Instant): void {
    const set = this.#setOf(facts);
    this.#advance(set, facts, now);
    for (const { name, meter, column, scope } of set.limits) {
      meter.giveBack(this.#row(scope, facts), column, this.#charged(name, facts), chargedAt);
    }
  }

  /** Whether a limit looks at how much of a prompt is cached. */
  get looksAtCached(): boolean {
    const { common, ofPath } = this.#sets;
    return [common, ...ofPath].some((set) => set !== undefined && set.uncached.length > 0);
  }

  /**
   * Trues up what was charged for uncached prompt tokens: gives back what turned out to be in a prefix cache beyond
   * what the facts said, and charges what did not, where `more` is negative, into debt if need be.
   */
  foundCached(facts: RequestFacts, more: number, chargedAt: Instant, now: Instant): void {
    const set = this.#setOf(facts);
    if (set.uncached.length === 0 || more === 0) return;
    this.#advance(set, facts, now);
    for (const { meter, column, scope } of set.uncached) {
      const row = this.#row(scope, facts);
      if (more > 0) meter.giveBack(row, column, more, chargedAt);
      else meter.take(row, column, -more);
    }
  }

  /** Settles the output of a request that generated `outputTokens` and is over. */
  settleOutput(facts: RequestFacts, outputTokens: number, chargedAt: Instant, now: Instant): void {
    const set = this.#setOf(facts);
    if (set.settled.length === 0) return;
    this.#advance(set, facts, now);
    for (const { name, meter, column, scope } of set.settled) {
      const row = this.#row(scope, facts);
      const used = name === "generatedTokens" ? outputTokens : 0;
      const unused = this.#charged(name, facts) - used;
      if (unused >= 0) meter.giveBack(row, column, unused, chargedAt);
      else meter.take(row, column, -unused);
    }
  }

  #setOf(facts: RequestFacts): LimitSet {
    const { common, ofPath } = this.#sets;
    return ofPath.length === 0 ? common : (ofPath[facts.path] ?? common);
  }

  #row(scope: Scope, facts: RequestFacts): number {
    return scope === "account" ? facts.account : facts.account * this.#models + facts.model;
  }

  #advance(set: LimitSet, facts: RequestFacts, now: Instant): void {
    for (const { meter, scope } of set.meters) meter.advance(this.#row(scope, facts), now);
  }

  /** What must be there. An account that owes generated tokens is refused even where nothing is charged yet. */
  #needed(name: Limit["name"], facts: RequestFacts): number {
    const charged = this.#charged(name, facts);
    return name === "generatedTokens" ? Math.max(1, charged) : charged;
  }

  #charged(name: Limit["name"], facts: RequestFacts): number {
    switch (name) {
      case "requests":
      case "concurrency":
        return 1;
      case "promptTokens":
      case "ramp":
        return facts.inputTokens;
      case "uncachedPromptTokens":
        return facts.inputTokens - facts.cachedTokens;
      case "generatedTokens":
        if (this.#charges === "stated") return facts.maxTokens;
        return this.#charges === "expected" ? this.#options.expectedOutput : 0;
    }
  }
}

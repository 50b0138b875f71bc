// What became of each account's attempts, what it asked for and was served, and what it pays: one row of numbers per
// account, known by its index, of which fairness needs some by tier. Memory grows with the accounts, never with their
// attempts. Knows no names and no times.
import { grown } from "../../base/grown.js";
import { Outcome } from "../../base/outcome.js";

/** Dollars per million tokens; `input` is the price of uncached input. */
export interface TokenPrice {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** Of all tiers together. */
const WHOLE_COLUMNS = [
  "completed",
  "rateLimited",
  "unavailable",
  "inputTokens",
  "cachedTokens",
  "outputTokens",
  "cost",
] as const;
type WholeColumn = (typeof WHOLE_COLUMNS)[number];

/**
 * Of each tier. Requests are those that ended and were valid, as are the tokens that they asked for, prompt and output,
 * and those of them that were served: of requests that completed.
 */
const TIER_COLUMNS = ["attempts", "overloaded", "endedRequests", "demandedTokens", "servedTokens"] as const;
type TierColumn = (typeof TIER_COLUMNS)[number];

export const ACCOUNT_COLUMNS = [...WHOLE_COLUMNS, ...TIER_COLUMNS] as const;
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number];

const WHOLE_WIDTH = WHOLE_COLUMNS.length;
const TIER_WIDTH = TIER_COLUMNS.length;
/** A price is for so many tokens. */
export const TOKENS_PER_PRICE = 1_000_000;
const FIRST_CAPACITY = 64;
/** Column of an outcome that is counted of all tiers together. */
const COLUMN_OF_OUTCOME: Readonly<Partial<Record<number, number>>> = {
  [Outcome.rateLimited]: 1,
  [Outcome.unavailable]: 2,
};

export class AccountCounts {
  /** By tier; null where it has none. */
  readonly #prices: readonly (TokenPrice | null)[];
  /** Of all tiers together, a row for each account. */
  #whole = new Float64Array(FIRST_CAPACITY * WHOLE_WIDTH);
  /** Of each tier, at least up to the last account that was counted there: most tiers have few of all accounts. */
  readonly #byTier: Float64Array<ArrayBuffer>[];
  /** All of them. */
  readonly #tiers: readonly number[];
  readonly #sums = { attempts: 0, overloaded: 0, endedRequests: 0, demandedTokens: 0, servedTokens: 0 };
  #count = 0;

  constructor(tiers: number, prices: readonly (TokenPrice | null)[] = []) {
    this.#prices = prices;
    this.#tiers = Array.from({ length: tiers }, (_, tier) => tier);
    this.#byTier = this.#tiers.map(() => new Float64Array(FIRST_CAPACITY * TIER_WIDTH));
  }

  /** Accounts up to the last one that was counted. */
  get count(): number {
    return this.#count;
  }

  get isPriced(): boolean {
    return this.#prices.some((price) => price !== null);
  }

  value(account: number, column: AccountColumn): number {
    const place = WHOLE_COLUMNS.indexOf(column as WholeColumn);
    if (place >= 0) return this.#whole[account * WHOLE_WIDTH + place]!;
    return this.over(account, this.#tiers)[column as TierColumn];
  }

  /** What it has in each column of those tiers together: one object, reused. */
  over(account: number, tiers: readonly number[]): Readonly<Record<TierColumn, number>> {
    const sums = this.#sums;
    sums.attempts = 0;
    sums.overloaded = 0;
    sums.endedRequests = 0;
    sums.demandedTokens = 0;
    sums.servedTokens = 0;
    const first = account * TIER_WIDTH;
    for (const tier of tiers) {
      const rows = this.#byTier[tier]!;
      if (first >= rows.length) continue;
      sums.attempts += rows[first]!;
      sums.overloaded += rows[first + 1]!;
      sums.endedRequests += rows[first + 2]!;
      sums.demandedTokens += rows[first + 3]!;
      sums.servedTokens += rows[first + 4]!;
    }
    return sums;
  }

  /** Of all accounts. */
  total(column: AccountColumn): number {
    let sum = 0;
    for (let account = 0; account < this.#count; account++) sum += this.value(account, column);
    return sum;
  }

  arrived(account: number, tier: number): void {
    this.#rows(account, tier)[account * TIER_WIDTH]!++;
  }

  failed(account: number, tier: number, outcome: Outcome): void {
    if (outcome === Outcome.overloaded) {
      this.#rows(account, tier)[account * TIER_WIDTH + 1]!++;
      return;
    }
    const column = COLUMN_OF_OUTCOME[outcome];
    if (column !== undefined) this.#whole[account * WHOLE_WIDTH + column]!++;
  }

  completed(account: number, tier: number, input: number, cached: number, output: number): void {
    const first = account * WHOLE_WIDTH;
    const values = this.#whole;
    values[first]!++;
    values[first + 3]! += input;
    values[first + 4]! += cached;
    values[first + 5]! += output;
    const price = this.#prices[tier];
    if (price === undefined || price === null) return;
    const dollars = (input - cached) * price.input + cached * price.cached + output * price.output;
    values[first + 6]! += dollars / TOKENS_PER_PRICE;
  }

  /** A request has ended that asked for so many tokens. One that was wrong in itself asked for nothing. */
  requestEnded(account: number, tier: number, outcome: Outcome, tokens: number): void {
    if (outcome === Outcome.invalid) return;
    // None of its attempts need have left its client, or have arrived in the measured window.
    const values = this.#rows(account, tier);
    const first = account * TIER_WIDTH;
    values[first + 2]!++;
    values[first + 3]! += tokens;
    if (outcome === Outcome.completed) values[first + 4]! += tokens;
  }

  /** Those of a tier, with one of the account. */
  #rows(account: number, tier: number): Float64Array<ArrayBuffer> {
    const rows = this.#byTier[tier]!;
    const isThere = account < this.#count && account * TIER_WIDTH < rows.length;
    return isThere ? rows : this.#reach(account, tier);
  }

  #reach(account: number, tier: number): Float64Array<ArrayBuffer> {
    this.#count = Math.max(this.#count, account + 1);
    this.#whole = reaching(this.#whole, this.#count * WHOLE_WIDTH);
    const rows = reaching(this.#byTier[tier]!, (account + 1) * TIER_WIDTH);
    this.#byTier[tier] = rows;
    return rows;
  }
}

/** Twice as long where it is too short, so that it grows seldom. */
function reaching(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  return length <= values.length ? values : grown(values, Math.max(2 * values.length, length));
}

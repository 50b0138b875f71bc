// What became of each account's attempts, and what it pays: one row of numbers per account, known by its index. Memory
// grows with the accounts, never with their attempts. Knows no names and no times.
import { grown } from "../../base/grown.js";
import { Outcome } from "../../base/outcome.js";

/** Dollars per million tokens; `input` is the price of uncached input. */
export interface TokenPrice {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export const ACCOUNT_COLUMNS = [
  "attempts",
  "completed",
  "rateLimited",
  "overloaded",
  "unavailable",
  "inputTokens",
  "cachedTokens",
  "outputTokens",
  "cost",
] as const;
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number];

const WIDTH = ACCOUNT_COLUMNS.length;
/** A price is for so many tokens. */
export const TOKENS_PER_PRICE = 1_000_000;
const FIRST_CAPACITY = 64;
/** Column of an outcome that is counted; the others show only in the difference to the attempts. */
const COLUMN_OF_OUTCOME: Readonly<Partial<Record<number, number>>> = {
  [Outcome.rateLimited]: 2,
  [Outcome.overloaded]: 3,
  [Outcome.unavailable]: 4,
};

export class AccountCounts {
  /** By tier; null where it has none. */
  readonly #prices: readonly (TokenPrice | null)[];
  #values = new Float64Array(FIRST_CAPACITY * WIDTH);
  #count = 0;

  constructor(prices: readonly (TokenPrice | null)[] = []) {
    this.#prices = prices;
  }

  /** Accounts up to the last one that was counted. */
  get count(): number {
    return this.#count;
  }

  get isPriced(): boolean {
    return this.#prices.some((price) => price !== null);
  }

  value(account: number, column: AccountColumn): number {
    return this.#values[account * WIDTH + ACCOUNT_COLUMNS.indexOf(column)]!;
  }

  /** Of all accounts. */
  total(column: AccountColumn): number {
    let sum = 0;
    for (let account = 0; account < this.#count; account++) sum += this.value(account, column);
    return sum;
  }

  arrived(account: number): void {
    if (account >= this.#count) this.#reach(account);
    this.#values[account * WIDTH]!++;
  }

  failed(account: number, outcome: Outcome): void {
    const column = COLUMN_OF_OUTCOME[outcome];
    if (column !== undefined) this.#values[account * WIDTH + column]!++;
  }

  completed(account: number, tier: number, input: number, cached: number, output: number): void {
    const first = account * WIDTH;
    const values = this.#values;
    values[first + 1]!++;
    values[first + 5]! += input;
    values[first + 6]! += cached;
    values[first + 7]! += output;
    const price = this.#prices[tier];
    if (price === undefined || price === null) return;
    const dollars = (input - cached) * price.input + cached * price.cached + output * price.output;
    values[first + 8]! += dollars / TOKENS_PER_PRICE;
  }

  #reach(account: number): void {
    this.#count = account + 1;
    if (this.#count * WIDTH <= this.#values.length) return;
    this.#values = grown(this.#values, Math.max(2 * this.#values.length, this.#count * WIDTH));
  }
}

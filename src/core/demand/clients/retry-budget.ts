// A retry budget: a caller's retries are at most a share of its requests over the last while, plus a few. The defaults
// are those of Finagle's and Linkerd's budgets, from memory: a fifth, over 10 s, and 10 retries (theirs are 10 a
// second, for servers with far more traffic than an account here).
import type { Duration, Instant } from "../../base/units.js";
import type { Options } from "../../document/definition.js";
import { count, duration, real } from "../../document/units.js";
import type { Stream } from "../../random/stream.js";
import { type Client, LOCAL_REJECTION, type Refusal } from "./client.js";
import { defineFeature, Feature } from "./feature.js";
import { PerCaller } from "./per-caller.js";
import { RollingCounts } from "./rolling-counts.js";

const OPTIONS = {
  ratio: real({ from: 0, to: 100 }).prefault(0.2).describe("Retries per request that an account may make."),
  least: count(0, 1_000_000).prefault(10).describe("Retries a window that it may always make."),
  window: duration({ above: 0 }).prefault("10s").describe("Over which both are counted."),
};

export const budget = defineFeature({
  name: "budget",
  summary: "Retries are at most a share of the requests of an account.",
  options: OPTIONS,
  create: (options, client) => new RetryBudget(client, options),
});

class RetryBudget extends Feature {
  readonly #ratio: number;
  readonly #least: number;
  /** First: requests. Second: retries. */
  readonly #counts: PerCaller<RollingCounts>;

  constructor(wrapped: Client, { ratio, least, window }: Options<typeof OPTIONS>) {
    super(wrapped);
    this.#ratio = ratio;
    this.#least = least;
    this.#counts = new PerCaller(() => new RollingCounts(window));
  }

  protected override lets(caller: number, now: Instant, _chance: Stream, tries: number): boolean {
    if (tries === 0) this.#counts.of(caller).countFirst(now);
    return true;
  }

  override retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined {
    // A request that is rejected locally and comes again has not been retried.
    const isRetry = refusal.status !== LOCAL_REJECTION;
    const counts = this.#counts.of(caller);
    const granted = this.#least + this.#ratio * counts.first(now);
    if (isRetry && counts.second(now) + 1 > granted) return undefined;
    const delay = super.retryDelay(refusal, tries, caller, now, chance);
    if (isRetry && delay !== undefined) counts.countSecond(now);
    return delay;
  }
}

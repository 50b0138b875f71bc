// Adaptive throttling at the client, after Google's Site Reliability Engineering book, chapter 21: a caller whose tries
// are more than K times those accepted over the last two minutes refuses the rest itself, each with the probability
// (tries - K x accepted) / (tries + 1). Tries that it refuses count as tries. Accepted is whatever the server took on:
// an answer, or a refusal of the request for what it is; not a 429, a 5xx or silence.
import type { Instant } from "../../base/units.js";
import type { Options } from "../../document/definition.js";
import { duration, real } from "../../document/units.js";
import type { Stream } from "../../random/stream.js";
import type { Client, Refusal } from "./client.js";
import { defineFeature, Feature, isServersFault } from "./feature.js";
import { PerCaller } from "./per-caller.js";
import { RollingCounts } from "./rolling-counts.js";

const OPTIONS = {
  k: real({ from: 1, to: 1000 })
    .prefault(2)
    .describe("Attempts per accepted one before some are rejected locally."),
  window: duration({ above: 0 }).prefault("2m").describe("Over which both are counted."),
};

export const throttle = defineFeature({
  name: "throttle",
  summary: "Holds attempts back in proportion to those that were refused, as Google's SRE book has it.",
  options: OPTIONS,
  create: (options, client) => new ClientThrottle(client, options),
});

class ClientThrottle extends Feature {
  readonly #k: number;
  /** First: tries. Second: accepted. */
  readonly #counts: PerCaller<RollingCounts>;

  constructor(wrapped: Client, { k, window }: Options<typeof OPTIONS>) {
    super(wrapped);
    this.#k = k;
    this.#counts = new PerCaller(() => new RollingCounts(window));
  }

  protected override lets(caller: number, now: Instant, chance: Stream): boolean {
    const counts = this.#counts.of(caller);
    const tries = counts.first(now);
    const excess = tries - this.#k * counts.second(now);
    counts.countFirst(now);
    return excess <= 0 || chance.uniform() >= excess / (tries + 1);
  }

  override observe(
    caller: number,
    answered: boolean,
    refusal: Refusal | undefined,
    now: Instant,
    tries: number,
  ): void {
    super.observe(caller, answered, refusal, now, tries);
    if (answered || (refusal !== undefined && !isServersFault(refusal))) {
      this.#counts.of(caller).countSecond(now);
    }
  }
}

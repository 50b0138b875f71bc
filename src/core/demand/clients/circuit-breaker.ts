// A circuit breaker per caller: it opens when too large a share of the tries of the last while failed, refuses every
// try while it is open, then lets a single one through, whose end closes it or opens it anew. The defaults are those
// of Hystrix, from memory: half of at least 20 tries in 10 s, and 5 s open. Tries that were under way when it opened
// say nothing to it before the probe leaves; then the first end that is reported decides, the probe's or a
// straggler's.
import { after, type Duration, type Instant, START } from "../../base/units.js";
import type { Options } from "../../document/definition.js";
import { count, duration, share } from "../../document/units.js";
import type { Stream } from "../../random/stream.js";
import type { Client, Refusal } from "./client.js";
import { defineFeature, Feature, isServersFault } from "./feature.js";
import { PerCaller } from "./per-caller.js";
import { RollingCounts } from "./rolling-counts.js";

const OPTIONS = {
  failures: share().prefault("50%").describe("Opens at this share of failures in a window."),
  least: count(1, 1_000_000).prefault(20).describe("But not before this many attempts ended in it."),
  window: duration({ above: 0 }).prefault("10s").describe("Over which failures are counted."),
  open: duration({ above: 0 })
    .prefault("5s")
    .describe("How long it stays open before one attempt is let through."),
};

export const breaker = defineFeature({
  name: "breaker",
  summary: "Stops sending for a while when most attempts fail.",
  options: OPTIONS,
  create: (options, client) => new CircuitBreaker(client, options),
});

interface Circuit {
  state: "closed" | "open" | "probing";
  opensUntil: Instant;
  /** First: tries that ended. Second: those that failed. */
  readonly counts: RollingCounts;
}

class CircuitBreaker extends Feature {
  readonly #failures: number;
  readonly #least: number;
  readonly #open: Duration;
  readonly #circuits: PerCaller<Circuit>;

  constructor(wrapped: Client, { failures, least, window, open }: Options<typeof OPTIONS>) {
    super(wrapped);
    this.#failures = failures;
    this.#least = least;
    this.#open = open;
    this.#circuits = new PerCaller(() => ({
      state: "closed",
      opensUntil: START,
      counts: new RollingCounts(window),
    }));
  }

  protected override lets(caller: number, now: Instant): boolean {
    const circuit = this.#circuits.of(caller);
    return circuit.state === "closed" || (circuit.state === "open" && now >= circuit.opensUntil);
  }

  override allows(caller: number, now: Instant, chance: Stream, tries: number): boolean {
    const allowed = super.allows(caller, now, chance, tries);
    const circuit = this.#circuits.of(caller);
    // Only now: a try that the client within rejects locally would be a probe without an answer.
    if (allowed && circuit.state === "open") circuit.state = "probing";
    return allowed;
  }

  override observe(
    caller: number,
    answered: boolean,
    refusal: Refusal | undefined,
    now: Instant,
    tries: number,
  ): void {
    super.observe(caller, answered, refusal, now, tries);
    const circuit = this.#circuits.of(caller);
    if (circuit.state === "open") return;
    const failed = !answered && refusal !== undefined && isServersFault(refusal);
    if (circuit.state === "probing") {
      if (failed) this.#trip(circuit, now);
      else circuit.state = "closed";
      return;
    }
    const { counts } = circuit;
    counts.countFirst(now);
    if (failed) counts.countSecond(now);
    const ended = counts.first(now);
    if (failed && ended >= this.#least && counts.second(now) >= this.#failures * ended)
      this.#trip(circuit, now);
  }

  #trip(circuit: Circuit, now: Instant): void {
    circuit.state = "open";
    circuit.opensUntil = after(now, this.#open);
    circuit.counts.clear();
  }
}

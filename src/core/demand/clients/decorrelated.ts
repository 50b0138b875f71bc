// Exponential backoff with decorrelated jitter, as in the AWS Architecture Blog: each delay is drawn between the least
// delay and three times the one before, and cut to a cap. Like the other baselines it retries what the SDKs retry and
// reads no header. The delay before is part of a request's progress.
import type { Duration, Instant } from "../../base/units.js";
import type { Options } from "../../document/definition.js";
import type { Stream } from "../../random/stream.js";
import { BASELINE_CAP, BASELINE_DELAY, BASELINE_RETRIES, IGNORES_HEADERS, timeOption } from "./baselines.js";
import type { Refusal } from "./client.js";
import { defineClient } from "./definition.js";
import { isPassing, Preset, rounded } from "./retry-loop.js";
import type { ClientSettings } from "./settings.js";

const GROWTH = 3;
/** Values that the delay before is remembered in, with the retries made: within 0.2 ms for the defaults. */
const PROGRESS = 2 ** 17;

const OPTIONS = {
  delay: timeOption("Least delay", BASELINE_DELAY),
  cap: timeOption("Longest delay", BASELINE_CAP),
};

/** `tries` is the retries made, plus the steps of the delay before times as many as there may be of those. */
class Decorrelated extends Preset {
  readonly triesBound: number;
  readonly #maxRetries: number;
  readonly #least: Duration;
  readonly #cap: Duration;
  /** µs */
  readonly #step: number;

  constructor(name: string, options: ClientSettings & Options<typeof OPTIONS>) {
    super(name, undefined, options);
    this.#maxRetries = options.maxRetries ?? BASELINE_RETRIES;
    this.#least = options.delay;
    this.#cap = options.cap;
    const counts = this.#maxRetries + 1;
    this.#step = Math.ceil((this.#cap * counts) / PROGRESS) || 1;
    this.triesBound = (Math.floor(this.#cap / this.#step) + 1) * counts;
  }

  retryDelay(
    { status }: Refusal,
    tries: number,
    _caller: number,
    _now: Instant,
    chance: Stream,
  ): Duration | undefined {
    const counts = this.#maxRetries + 1;
    const retried = tries % counts;
    if (retried >= this.#maxRetries || !isPassing(status)) return undefined;
    const before = retried === 0 ? this.#least : Math.floor(tries / counts) * this.#step;
    const most = Math.max(this.#least, before * GROWTH);
    const drawn = Math.min(this.#least + chance.uniform() * (most - this.#least), this.#cap);
    this.nextTries = retried + 1 + Math.floor(drawn / this.#step) * counts;
    return rounded(drawn);
  }
}

export const decorrelated = defineClient({
  name: "decorrelated",
  summary: "Draws each delay from the one before.",
  sources: [{ text: "Exponential Backoff And Jitter, AWS Architecture Blog: from memory", date: "2026-11" }],
  defaults: { delay: "ours", cap: "ours" },
  behaviour: {
    retried: "passing",
    delay: "between `delay` and 3 × the delay before, up to `cap`",
    ...IGNORES_HEADERS,
  },
  readsShouldRetry: false,
  retries: true,
  options: OPTIONS,
  create: (options, settings) => new Decorrelated("decorrelated", { ...settings, ...options }),
});

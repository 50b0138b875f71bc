// The router of LiteLLM (its docs and constants, its source as public write-ups quote it): two retries on timeouts,
// 408, 409, 429 and 5xx, after a retry-after of up to a minute or else 0.5 s doubling up to 8 s, plus up to 0.75 s at
// random in either case. It does not read `x-should-retry`. A deployment that fails is left alone for 5 s, or as long
// as retry-after says; with several deployments of a model it goes on to the next at once, and refuses requests itself
// while all of them rest. Its timeout of 6000 s is for the whole of an answer. Here all deployments are the one
// simulated server, taken in turn: which one served a try is not tracked.
import { after, type Duration, type Instant, MICROS_PER_MINUTE, NO_TIME, seconds } from "../../base/units.js";
import type { Options } from "../../document/definition.js";
import { count } from "../../document/units.js";
import type { Stream } from "../../random/stream.js";
import type { Refusal } from "./client.js";
import { defineClient } from "./definition.js";
import { PerCaller } from "./per-caller.js";
import { doubled, isPassing, RetryLoop, type RetryRule, rounded } from "./retry-loop.js";
import type { ClientSettings } from "./settings.js";

const FIRST_DELAY = seconds(0.5);
const LONGEST_DELAY = seconds(8);
const MOST_JITTER = seconds(0.75);
const ONE_MINUTE = seconds(60);
const COOLDOWN = seconds(5);
/** Of several: it rests when more than half of its tries in a minute failed, of at least five. */
const FAILED_SHARE = 0.5;
const LEAST_TRIES = 5;
/** An only one: when all failed, of at least a thousand. */
const LEAST_TRIES_OF_ONE = 1000;

const RULE: RetryRule = {
  maxRetries: 2,
  timeout: seconds(6000),
  attemptTimeout: seconds(6000),
  retries: ({ status }) => isPassing(status),
  delay({ retryAfter }, retried, chance) {
    const jitter = chance.uniform() * MOST_JITTER;
    const isTaken = retryAfter !== undefined && retryAfter > 0 && retryAfter <= ONE_MINUTE;
    return rounded((isTaken ? retryAfter : doubled(FIRST_DELAY, retried, LONGEST_DELAY)) + jitter);
  },
};

const OPTIONS = {
  deployments: count(1, 1000).prefault(1).describe("Deployments that it chooses from."),
};

class LitellmRouter extends RetryLoop {
  readonly #callers: PerCaller<Deployments>;
  readonly #count: number;

  constructor(name: string, options: ClientSettings & Options<typeof OPTIONS>) {
    super(name, RULE, options);
    const { deployments } = options;
    this.#count = deployments;
    this.#callers = new PerCaller(() => new Deployments(deployments));
  }

  override allows(caller: number, now: Instant): boolean {
    return this.#callers.of(caller).next(now) >= 0;
  }

  override observe(caller: number, answered: boolean, refusal: Refusal | undefined, now: Instant): void {
    this.#callers.of(caller).observe(answered ? undefined : refusal, now);
  }

  override retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined {
    const delay = super.retryDelay(refusal, tries, caller, now, chance);
    if (delay === undefined || this.#count === 1) return delay;
    return this.#callers.of(caller).next(now) >= 0 ? NO_TIME : delay;
  }
}

/** The deployments as one caller's router sees them: failures and answers of the current minute, and cooldowns. */
class Deployments {
  readonly #failed: Float64Array;
  readonly #answered: Float64Array;
  readonly #restsUntil: Float64Array;
  #minute = 0;
  #turn = 0;

  constructor(count: number) {
    this.#failed = new Float64Array(count);
    this.#answered = new Float64Array(count);
    this.#restsUntil = new Float64Array(count);
  }

  /** The deployment whose turn it is among those not in cooldown, -1 when all are. */
  next(now: Instant): number {
    const count = this.#restsUntil.length;
    for (let step = 0; step < count; step++) {
      const one = (this.#turn + step) % count;
      if (this.#restsUntil[one]! <= now) return one;
    }
    return -1;
  }

  observe(refusal: Refusal | undefined, now: Instant): void {
    const minute = Math.floor(now / MICROS_PER_MINUTE);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#failed.fill(0);
      this.#answered.fill(0);
    }
    const one = this.next(now);
    if (one < 0) return;
    this.#turn = (one + 1) % this.#restsUntil.length;
    if (refusal === undefined) this.#answered[one]!++;
    else {
      this.#failed[one]!++;
      if (this.#mustRest(one, refusal.status)) {
        const told = refusal.retryAfter ?? COOLDOWN;
        this.#restsUntil[one] = after(now, told);
      }
    }
  }

  #mustRest(one: number, status: number): boolean {
    // The router counts its own timeout as a 408.
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      return status === 401 || status === 404;
    }
    const failed = this.#failed[one]!;
    const all = failed + this.#answered[one]!;
    if (failed === all && all >= LEAST_TRIES_OF_ONE) return true;
    if (this.#restsUntil.length === 1) return false;
    return status === 429 || (failed / all > FAILED_SHARE && all >= LEAST_TRIES);
  }
}

export const litellmRouter = defineClient({
  name: "litellm-router",
  summary: "The router of LiteLLM.",
  sources: [
    { text: "docs and constants of LiteLLM: read", date: "2026-11" },
    {
      text: "docs/proxy/timeout: its timeout is for the entire length of the call: excerpted",
      date: "2026-12",
    },
    { text: "router_utils/cooldown_handlers.py: as quoted", date: "2026-11" },
  ],
  defaults: { deployments: "ours" },
  behaviour: {
    retried: "passing",
    delay: "0.5 s · 2ⁿ up to 8 s, + 0.75 s · U",
    retryAfter: "above 0 up to 60 s, + 0.75 s · U",
    shouldRetry: "ignored",
    totalTimeout: "6000 s of an attempt",
  },
  readsShouldRetry: false,
  retries: true,
  options: OPTIONS,
  create: (options, settings) => new LitellmRouter("litellm-router", { ...settings, ...options }),
});

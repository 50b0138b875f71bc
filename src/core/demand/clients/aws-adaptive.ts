// The "adaptive" retry mode of the AWS SDKs: the standard mode behind a rate limit of the client's own (cubic-rate.ts).
// A request's first try waits for a token, its retries do not. Only throttling (429) slows it down: a 503, for an
// overload too, is an error of the server to it.
import type { Duration, Instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import { AWS_BEHAVIOUR, AwsStandard } from "./aws-standard.js";
import { LOCAL_REJECTION, type Refusal } from "./client.js";
import { CubicRate } from "./cubic-rate.js";
import { defineClient } from "./definition.js";
import { PerCaller } from "./per-caller.js";
import { Preset } from "./retry-loop.js";
import type { ClientSettings } from "./settings.js";

const WAITED = 1;

/** `tries` is twice that of the standard mode, plus 1 where the first try has waited for its token. */
class AwsAdaptive extends Preset {
  readonly triesBound: number;
  readonly #standard: AwsStandard;
  readonly #rates: PerCaller<CubicRate> = new PerCaller(() => new CubicRate());

  constructor(name: string, options: ClientSettings) {
    super(name, undefined, options);
    this.#standard = new AwsStandard(name, options);
    this.triesBound = 2 * this.#standard.triesBound;
  }

  override allows(caller: number, now: Instant, _chance: Stream, tries: number): boolean {
    if (tries === 0) return this.#rates.of(caller).take(now);
    if (tries === WAITED) this.#rates.of(caller).takeAfterWait();
    return true;
  }

  override observe(
    caller: number,
    answered: boolean,
    refusal: Refusal | undefined,
    now: Instant,
    tries: number,
  ): void {
    this.#rates.of(caller).observe(refusal?.status === 429, now);
    this.#standard.observe(caller, answered, refusal, now, Math.floor(tries / 2));
  }

  retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined {
    if (refusal.status === LOCAL_REJECTION) {
      this.nextTries = WAITED;
      return this.#rates.of(caller).wait();
    }
    const delay = this.#standard.retryDelay(refusal, Math.floor(tries / 2), caller, now, chance);
    this.nextTries = 2 * this.#standard.nextTries + (tries % 2);
    return delay;
  }
}

export const awsAdaptive = defineClient({
  name: "aws-adaptive",
  summary: "The `adaptive` retry mode of the AWS SDKs: the standard one behind a rate limit of its own.",
  sources: [{ text: "smithy-typescript packages/util-retry: read", date: "2026-11" }],
  behaviour: AWS_BEHAVIOUR,
  readsShouldRetry: false,
  retries: true,
  options: {},
  create: (_, settings) => new AwsAdaptive("aws-adaptive", settings),
});

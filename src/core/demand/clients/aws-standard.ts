// The "standard" retry mode of the AWS SDKs (constants and code of smithy-typescript, packages/util-retry): three
// tries in all, on throttling (429) and on 500, 502, 503, 504 and timeouts, after a delay drawn from 0 up to 100 ms,
// or 500 ms when throttled, doubling up to 20 s, and never before retry-after. Each retry takes tokens from the
// caller's bucket of 500: 5, or 10 after a timeout. A retry that succeeds brings its tokens back, a first try that
// succeeds brings one. smithy-typescript takes 10 after a 5xx as well; the 5 are those of the SDKs' common definition
// and of botocore.
import { type Duration, type Instant, seconds } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import { NO_ANSWER, type Refusal } from "./client.js";
import { defineClient } from "./definition.js";
import { PerCaller } from "./per-caller.js";
import { Preset } from "./retry-loop.js";
import type { ClientSettings } from "./settings.js";

const MAX_RETRIES = 2;
const MICROS_PER_MS = 1000;
const BASE = seconds(0.1);
const THROTTLED_BASE = seconds(0.5);
const LONGEST_DELAY = seconds(20);
const TOKENS = 500;
const COST = 5;
const TIMEOUT_COST = 10;
const FIRST_TRY_REWARD = 1;

/** `tries` is twice the retries made, plus 1 where the last was paid for as a timeout. */
export class AwsStandard extends Preset {
  readonly triesBound: number;
  readonly #maxRetries: number;
  readonly #buckets: PerCaller<{ tokens: number }> = new PerCaller(() => ({ tokens: TOKENS }));

  constructor(name: string, options: ClientSettings) {
    super(name, undefined, options);
    this.#maxRetries = options.maxRetries ?? MAX_RETRIES;
    this.triesBound = 2 * (this.#maxRetries + 1);
  }

  override observe(
    caller: number,
    answered: boolean,
    _: Refusal | undefined,
    _now: Instant,
    tries: number,
  ): void {
    if (!answered) return;
    const bucket = this.#buckets.of(caller);
    let reward = FIRST_TRY_REWARD;
    if (tries > 0) reward = tries % 2 === 1 ? TIMEOUT_COST : COST;
    bucket.tokens = Math.min(bucket.tokens + reward, TOKENS);
  }

  retryDelay(
    { status, retryAfter = 0 as Duration }: Refusal,
    tries: number,
    caller: number,
    _now: Instant,
    chance: Stream,
  ): Duration | undefined {
    const retried = Math.floor(tries / 2);
    if (retried >= this.#maxRetries || !isRetried(status)) return undefined;
    const bucket = this.#buckets.of(caller);
    const cost = status === NO_ANSWER ? TIMEOUT_COST : COST;
    if (bucket.tokens < cost) return undefined;
    bucket.tokens -= cost;
    this.nextTries = 2 * (retried + 1) + (cost === TIMEOUT_COST ? 1 : 0);
    const drawn = chance.uniform() * 2 ** retried * (status === 429 ? THROTTLED_BASE : BASE);
    const backoff = Math.floor(Math.min(drawn, LONGEST_DELAY) / MICROS_PER_MS) * MICROS_PER_MS;
    return Math.max(backoff, retryAfter) as Duration;
  }
}

function isRetried(status: number): boolean {
  return status === NO_ANSWER || status === 429 || status === 500 || (status >= 502 && status <= 504);
}

export const AWS_BEHAVIOUR = {
  retried: "no answer, 429, 500, 502, 503, 504",
  delay: "U · 0.1 s · 2ⁿ (0.5 s on 429) up to 20 s, whole ms",
  retryAfter: "at least that long",
  shouldRetry: "ignored",
  totalTimeout: "none; an SDK for Java can have both",
} as const;

export const awsStandard = defineClient({
  name: "aws-standard",
  summary: "The `standard` retry mode of the AWS SDKs.",
  sources: [
    { text: "smithy-typescript packages/util-retry: read", date: "2026-11" },
    {
      text: "timeouts of the SDK for Java 2: apiCallAttemptTimeout, which is tried again, apiCallTimeout: excerpted",
      date: "2026-12",
    },
  ],
  behaviour: AWS_BEHAVIOUR,
  readsShouldRetry: false,
  retries: true,
  options: {},
  create: (_, settings) => new AwsStandard("aws-standard", settings),
});

// The retry loop of the `openai` npm package, version 6 (measured on 6.49 against a scripted server, and read in its
// client source): two retries by default on timeouts and on status 408, 409, 429 and 500 up, 0.5 s doubling up to 8 s
// with up to a quarter off at random. `x-should-retry` overrules the status. A `retry-after` of any size is obeyed to
// the letter: 0 makes it loop hot, and 61 s makes it wait 61 s.
import { type Duration, MICROS_PER_SECOND, seconds } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import type { Client, ClientOptions, Refusal } from "./client.js";

const MAX_RETRIES = 2;
const TIMEOUT = seconds(600);
const FIRST_DELAY_SECONDS = 0.5;
const LONGEST_DELAY_SECONDS = 8;
const JITTER = 0.25;

export class OpenaiNode6 implements Client {
  readonly name = "openai-node-6";
  readonly timeout: Duration;
  readonly #maxRetries: number;

  constructor(options: ClientOptions) {
    this.timeout = options.timeout ?? TIMEOUT;
    this.#maxRetries = options.maxRetries ?? MAX_RETRIES;
  }

  retryDelay(refusal: Refusal, attempts: number, chance: Stream): Duration | undefined {
    if (attempts > this.#maxRetries || !isRetried(refusal)) return undefined;
    if (refusal.retryAfter !== undefined) return refusal.retryAfter;
    const delay = Math.min(FIRST_DELAY_SECONDS * 2 ** (attempts - 1), LONGEST_DELAY_SECONDS);
    return Math.round(delay * (1 - chance.uniform() * JITTER) * MICROS_PER_SECOND) as Duration;
  }
}

/** Status 0 is the client's own timeout, which it retries like a broken connection. */
function isRetried({ status, shouldRetry }: Refusal): boolean {
  if (shouldRetry !== undefined) return shouldRetry;
  return status === 0 || status === 408 || status === 409 || status === 429 || status >= 500;
}

// The Google Gen AI SDK for Python (google-genai 2.25.0 of 2026-09-22, _api_client.py, and the wait of tenacity 9.1.4):
// four retries on 408, 429, 500, 502, 503, 504 and lost connections, after 1 s doubling up to 60 s, with up to a second
// on top. It reads neither retry-after nor `x-should-retry`, and sets no timeout. These are the defaults of its
// `HttpRetryOptions`; a client without any retries nothing.
import { seconds } from "../../base/units.js";
import { NO_ANSWER } from "./client.js";
import { defineLoop, doubled, rounded } from "./retry-loop.js";

const FIRST_DELAY = seconds(1);
const LONGEST_DELAY = seconds(60);
const MOST_JITTER = seconds(1);
const RETRIED: readonly number[] = [NO_ANSWER, 408, 429, 500, 502, 503, 504];

export const googleGenai = defineLoop({
  name: "google-genai",
  summary: "The Google Gen AI SDK for Python, told to retry.",
  sources: [
    { text: "google-genai 2.25.0 for Python _api_client.py: read", date: "2026-11-29" },
    { text: "tenacity 9.1.4: read", date: "2026-11-29" },
  ],
  behaviour: {
    retried: "no answer, 408, 429, 500, 502, 503, 504",
    delay: "1 s · 2ⁿ + 1 s · U, up to 60 s",
    retryAfter: "ignored",
    shouldRetry: "ignored",
    totalTimeout: "none",
  },
  readsShouldRetry: false,
  retries: true,
  rule: {
    maxRetries: 4,
    timeout: undefined,
    retries: ({ status }) => RETRIED.includes(status),
    delay(_, retried, chance) {
      const backoff = doubled(FIRST_DELAY, retried, LONGEST_DELAY) + chance.uniform() * MOST_JITTER;
      return rounded(Math.min(backoff, LONGEST_DELAY));
    },
  },
});

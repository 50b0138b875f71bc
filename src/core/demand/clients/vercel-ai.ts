// The Vercel AI SDK, version 6 (measured, and read in its source): two retries on 408, 409, 429 and 5xx, after 2 s and
// 4 s to the dot - without jitter, so that many who failed at once come back at once. It takes a retry-after from 0 up
// to a minute, or below its own delay; 0 makes it loop hot. It does not read `x-should-retry`. Its timeouts are abort
// signals, and an aborted call is not tried again.
import { type Duration, seconds } from "../../base/units.js";
import { NO_ANSWER } from "./client.js";
import { defineLoop, isPassing } from "./retry-loop.js";

const FIRST_DELAY = seconds(2);
const ONE_MINUTE = seconds(60);

export const vercelAi = defineLoop({
  name: "vercel-ai",
  summary: "The Vercel AI SDK, version 6.",
  sources: [
    {
      text: "AI SDK 6 packages/ai/src/util/retry-with-exponential-backoff.ts: read, and measured",
      date: "2026-11",
    },
    {
      text: "ai 6.0.146 src/prompt/call-settings.ts: its timeout is of a call with all its retries: excerpted",
      date: "2026-12",
    },
  ],
  behaviour: {
    retried: "passing, but not its timeouts",
    delay: "2 s · 2ⁿ, no jitter",
    retryAfter: "0 up to below 60 s, or below the delay",
    shouldRetry: "ignored",
    totalTimeout: "none; its `timeout` is a `requestTimeout`",
  },
  readsShouldRetry: false,
  retries: true,
  rule: {
    maxRetries: 2,
    timeout: undefined,
    retries: ({ status }) => status !== NO_ANSWER && isPassing(status),
    delay({ retryAfter }, retried) {
      // Doubles without an end: at a thousand retries it is beyond every run, and must still be a whole number.
      const backoff = Math.min(FIRST_DELAY * 2 ** retried, Number.MAX_SAFE_INTEGER) as Duration;
      const isTaken = retryAfter !== undefined && (retryAfter < ONE_MINUTE || retryAfter < backoff);
      return isTaken ? retryAfter : backoff;
    },
  },
});

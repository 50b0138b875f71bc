// The retry loop that the generated SDKs share - `openai` for Node 6 and 7, `@anthropic-ai/sdk`, and the Python SDKs of
// OpenAI and Fireworks: two retries on timeouts, broken connections, 408, 409, 429 and 5xx, 0.5 s doubling up to 8 s
// with up to a quarter off at random, and `x-should-retry` overrules the status. They differ in which retry-after they
// take; one they do not take is as if it were not there. The two Node SDKs are measured against a scripted server, here
// in test/live/real-sdks.test.ts; version 7 and Python are from their sources.
import { type Duration, seconds } from "../../base/units.js";
import { doubled, isPassing, type RetryRule, rounded } from "./retry-loop.js";

const FIRST_DELAY = seconds(0.5);
const LONGEST_DELAY = seconds(8);
const JITTER = 0.25;
const ONE_MINUTE = seconds(60);
/** A Node timer holds 2^31 - 1 ms; with more it goes off after 1 ms. */
const LONGEST_TIMER = ((2 ** 31 - 1) * 1000) as Duration;
const TIMER_OVERFLOW = 1000 as Duration;

/** `taken` says how long a client waits that is told to wait this long, undefined for its own delay. */
function stainless(taken: (retryAfter: Duration) => Duration | undefined): RetryRule {
  return {
    maxRetries: 2,
    timeout: seconds(600),
    retries: ({ status, shouldRetry }) => shouldRetry ?? isPassing(status),
    delay({ retryAfter }, retried, chance) {
      const told = retryAfter === undefined ? undefined : taken(retryAfter);
      if (told !== undefined) return told;
      return rounded(doubled(FIRST_DELAY, retried, LONGEST_DELAY) * (1 - chance.uniform() * JITTER));
    },
  };
}

/** 6.49: to the letter. 0 makes it loop hot, and 61 s makes it wait 61 s. */
export const OPENAI_NODE_6: RetryRule = stainless((told) => (told > LONGEST_TIMER ? TIMER_OVERFLOW : told));

/** 7.57: from 0 to 60 s. 0 makes it loop hot, and 61 s makes it come back after its own half a second. */
export const OPENAI_NODE_7: RetryRule = stainless((told) => (told <= ONE_MINUTE ? told : undefined));

/** 1.12: any but 0 that a timer can hold. */
export const ANTHROPIC_SDK: RetryRule = stainless((told) =>
  told > 0 && told <= LONGEST_TIMER ? told : undefined,
);

/** Above 0 up to 60 s. The timeout is that of openai-python; the Fireworks SDK waits 60 s. */
export const STAINLESS_PYTHON: RetryRule = stainless((told) =>
  told > 0 && told <= ONE_MINUTE ? told : undefined,
);

// The retry loop that the generated SDKs share - `openai` for Node 6 and 7, `@anthropic-ai/sdk`, and the Python SDKs of
// OpenAI and Fireworks: two retries on timeouts, broken connections, 408, 409, 429 and 5xx, 0.5 s doubling up to 8 s
// with up to a quarter off at random, and `x-should-retry` overrules the status. They differ in which retry-after they
// take; one they do not take is as if it were not there. The two Node SDKs are measured against a scripted server, here
// in test/live/real-sdks.test.ts; version 7 and Python are from their sources.
import { type Duration, seconds } from "../../base/units.js";
import { defineLoop, doubled, isPassing, rounded } from "./retry-loop.js";

const FIRST_DELAY = seconds(0.5);
const LONGEST_DELAY = seconds(8);
const JITTER = 0.25;
const ONE_MINUTE = seconds(60);
/** fetchWithTimeout in client.mjs of openai 6.49.0 and @anthropic-ai/sdk 1.12.0, read on 2026-12-01. */
const ENDS_WITH_HEADERS = "none: its timeout ends with the headers";
/** A Node timer holds 2^31 - 1 ms; with more it goes off after 1 ms. */
const LONGEST_TIMER = ((2 ** 31 - 1) * 1000) as Duration;
const TIMER_OVERFLOW = 1000 as Duration;

interface Sdk<Name extends string> {
  readonly name: Name;
  readonly summary: string;
  /** Package and version that the rule is of. */
  readonly source: string;
  /** What its timeout is of, for the documentation. */
  readonly totalTimeout: string;
  /** How it is told in the documentation which retry-after it takes. */
  readonly retryAfter: string;
  /** How long it waits that is told to wait this long; undefined for its own delay. */
  taken(retryAfter: Duration): Duration | undefined;
}

function stainless<const Name extends string>({
  name,
  summary,
  source,
  retryAfter: takenWords,
  totalTimeout,
  taken,
}: Sdk<Name>) {
  return defineLoop({
    name,
    summary,
    sources: [{ text: source, date: "2026-11" }],
    behaviour: {
      retried: "passing",
      delay: "0.5 s · 2ⁿ up to 8 s, × (1 − U/4)",
      retryAfter: takenWords,
      shouldRetry: "overrules the status",
      totalTimeout,
    },
    readsShouldRetry: true,
    retries: true,
    rule: {
      maxRetries: 2,
      timeout: seconds(600),
      retries: ({ status, shouldRetry }) => shouldRetry ?? isPassing(status),
      delay({ retryAfter }, retried, chance) {
        const told = retryAfter === undefined ? undefined : taken(retryAfter);
        if (told !== undefined) return told;
        return rounded(doubled(FIRST_DELAY, retried, LONGEST_DELAY) * (1 - chance.uniform() * JITTER));
      },
    },
  });
}

/** 6.49: to the letter. 0 makes it loop hot, and 61 s makes it wait 61 s. */
export const openaiNode6 = stainless({
  name: "openai-node-6",
  summary: "`openai` for Node, version 6.",
  source: "openai 6.49.0 for Node: read, and measured",
  totalTimeout: ENDS_WITH_HEADERS,
  retryAfter: "any, 0 too",
  taken: (told) => (told > LONGEST_TIMER ? TIMER_OVERFLOW : told),
});

/** 7.57: from 0 to 60 s. 0 makes it loop hot, and 61 s makes it come back after its own half a second. */
export const openaiNode7 = stainless({
  name: "openai-node-7",
  summary: "`openai` for Node, version 7.",
  source: "openai 7.57 for Node: read, and measured",
  totalTimeout: ENDS_WITH_HEADERS,
  retryAfter: "0 to 60 s",
  taken: (told) => (told <= ONE_MINUTE ? told : undefined),
});

/** 1.12: any but 0 that a timer can hold. */
export const anthropicSdk = stainless({
  name: "anthropic-sdk",
  summary: "`@anthropic-ai/sdk` for Node.",
  source: "@anthropic-ai/sdk 1.12.0: read, and measured",
  totalTimeout: ENDS_WITH_HEADERS,
  retryAfter: "above 0, up to 2³¹ − 1 ms",
  taken: (told) => (told > 0 && told <= LONGEST_TIMER ? told : undefined),
});

/** Above 0 up to 60 s. The timeout is that of openai-python; the Fireworks SDK waits 60 s. */
export const stainlessPython = stainless({
  name: "stainless-python",
  summary: "The Python SDKs of OpenAI and Fireworks.",
  source: "openai-python and the Fireworks SDK: read",
  totalTimeout: "none: its timeout is of each wait for bytes (memory)",
  retryAfter: "above 0 up to 60 s",
  taken: (told) => (told > 0 && told <= ONE_MINUTE ? told : undefined),
});

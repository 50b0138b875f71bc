// The client of Google's Site Reliability Engineering book, chapters 21 and 22, from memory: three tries on an
// overload, none where the server says not to; a tenth of the requests in retries, and no more than twice the tries
// that are accepted, over two minutes. The book wants randomised exponential backoff and gives no figures: they are
// those of `full-jitter`. The two limits are the retry budget and the throttle that any preset may have.
import { seconds } from "../../base/units.js";
import { fullJitterRule } from "./baselines.js";
import { defineLoop } from "./retry-loop.js";

const WINDOW = seconds(120);

export const sreThrottle = defineLoop({
  name: "sre-throttle",
  summary: "The client of Google's Site Reliability Engineering book: a budget of retries and a throttle.",
  sources: [{ text: "Site Reliability Engineering, chapters 21 and 22: from memory", date: "2026-11" }],
  behaviour: {
    retried: "429, 503, 529",
    delay: "U · 0.5 s · 2ⁿ up to 8 s",
    retryAfter: "ignored",
    shouldRetry: "`false` ends it",
    totalTimeout: "none",
  },
  readsShouldRetry: true,
  retries: true,
  rule: {
    ...fullJitterRule(),
    retries: ({ status, shouldRetry }) => isOverload(status) && shouldRetry !== false,
  },
  features: {
    // The book compares retries made with requests made, so the first retry of all is free.
    budget: { ratio: 0.1, least: 1, window: WINDOW },
    throttle: { k: 2, window: WINDOW },
  },
});

/** What a server says that has no capacity for this, as opposed to one that is broken. */
function isOverload(status: number): boolean {
  return status === 429 || status === 503 || status === 529;
}

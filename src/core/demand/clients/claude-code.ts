// Claude Code, the agent: ten retries on 429, 529, 5xx and timeouts, 0.5 s doubling up to 32 s with up to a quarter on
// top. Read off the waits that it prints (1, 1, 2, 4, 8, 17, 35, 36, 34 s), not off its source. That it takes any
// retry-after, and `x-should-retry` before the status, is from memory.
import { seconds } from "../../base/units.js";
import { NO_ANSWER } from "./client.js";
import { defineLoop, doubled, rounded } from "./retry-loop.js";

const FIRST_DELAY = seconds(0.5);
const LONGEST_DELAY = seconds(32);
const JITTER = 0.25;

export const claudeCode = defineLoop({
  name: "claude-code",
  summary: "Claude Code, the agent.",
  sources: [
    { text: "anthropics/claude-code issues 4145, 3919 and 1802: the waits that it prints", date: "2026-11" },
  ],
  behaviour: {
    retried: "no answer, 429, 5xx",
    delay: "0.5 s · 2ⁿ up to 32 s, × (1 + U/4)",
    retryAfter: "any",
    shouldRetry: "overrules the status",
    totalTimeout: "none: as its SDK (memory)",
  },
  readsShouldRetry: true,
  retries: true,
  rule: {
    maxRetries: 10,
    timeout: seconds(600),
    retries: ({ status, shouldRetry }) =>
      shouldRetry ?? (status === NO_ANSWER || status === 429 || status >= 500),
    delay: ({ retryAfter }, retried, chance) =>
      retryAfter ?? rounded(doubled(FIRST_DELAY, retried, LONGEST_DELAY) * (1 + chance.uniform() * JITTER)),
  },
});

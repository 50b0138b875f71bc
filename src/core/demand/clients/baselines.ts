// Clients of the textbook, to compare real ones with. They retry what the SDKs retry and as often, and read no
// header. `naive` comes back at once; `exponential` after an exponential delay, as often as it takes; `fixed` after
// the same delay; `full-jitter` draws between 0 and a delay that doubles; `decorrelated` (a client of its own)
// draws anew from the last delay. `none` takes no for an answer.
import ln from "@stdlib/math-base-special-ln";
import { type Duration, NO_TIME, seconds } from "../../base/units.js";
import { duration, showDuration } from "../../document/units.js";
import { defineClient } from "./definition.js";
import { defineLoop, doubled, isPassing, RetryLoop, type RetryRule, rounded } from "./retry-loop.js";

/** Assumption: as many as the SDKs make, so that only the delays differ. */
export const BASELINE_RETRIES = 2;
/** Assumptions: those of the SDKs. */
export const BASELINE_DELAY = seconds(0.5);
export const BASELINE_CAP = seconds(8);
const FIXED_DELAY = seconds(1);
/** In effect endless: a caller that is refused that often at random could not be served at all. */
const ENDLESS_RETRIES = 90;

const onPassing = (delay: RetryRule["delay"]): RetryRule => ({
  maxRetries: BASELINE_RETRIES,
  timeout: undefined,
  retries: ({ status }) => isPassing(status),
  delay,
});

/** An option that is a time. */
export const timeOption = (what: string, value: Duration) =>
  duration({ above: 0 }).prefault(showDuration(value)).describe(`${what}.`);

export const IGNORES_HEADERS = {
  retryAfter: "ignored",
  shouldRetry: "ignored",
  totalTimeout: "none",
} as const;

export const none = defineLoop({
  name: "none",
  summary: "Takes a refusal for an answer.",
  behaviour: { retried: "nothing", delay: "", retryAfter: "", shouldRetry: "", totalTimeout: "none" },
  readsShouldRetry: true,
  retries: false,
  rule: { ...onPassing(() => NO_TIME), maxRetries: 0, retries: () => false },
});

export const fixed = defineClient({
  name: "fixed",
  summary: "The same delay every time.",
  defaults: { delay: "ours" },
  behaviour: { retried: "passing", delay: "`delay`", ...IGNORES_HEADERS },
  readsShouldRetry: false,
  retries: true,
  options: { delay: timeOption("Delay before each retry", FIXED_DELAY) },
  create: ({ delay }, settings) =>
    new RetryLoop(
      "fixed",
      onPassing(() => delay),
      settings,
    ),
});

export const naive = defineLoop({
  name: "naive",
  summary: "Comes back at once.",
  behaviour: { retried: "passing", delay: "none: at once", ...IGNORES_HEADERS },
  readsShouldRetry: false,
  retries: true,
  rule: onPassing(() => NO_TIME),
});

/** Retries of theory, without a memory: its customers come back until they are served. */
export const exponential = defineClient({
  name: "exponential",
  summary: "The memoryless retrial of theory.",
  defaults: { delay: "ours" },
  behaviour: { retried: "passing", delay: "exponential of mean `delay`", ...IGNORES_HEADERS },
  readsShouldRetry: false,
  retries: true,
  options: { delay: timeOption("Mean delay before each retry", FIXED_DELAY) },
  create({ delay }, settings) {
    const rule = onPassing((_, __, chance) => rounded(-ln(1 - chance.uniform()) * delay));
    return new RetryLoop("exponential", { ...rule, maxRetries: ENDLESS_RETRIES }, settings);
  },
});

/** Backoff that doubles up to a cap, with full jitter. */
export function fullJitterRule(delay = BASELINE_DELAY, cap = BASELINE_CAP): RetryRule {
  return onPassing((_, retried, chance) => rounded(chance.uniform() * doubled(delay, retried, cap)));
}

/** The delays of the clients with jitter of the textbook. */
const JITTER_OPTIONS = {
  delay: timeOption("First delay", BASELINE_DELAY),
  cap: timeOption("Longest delay", BASELINE_CAP),
};

export const fullJitter = defineClient({
  name: "full-jitter",
  summary: "Exponential backoff, drawn from 0 up.",
  sources: [{ text: "Exponential Backoff And Jitter, AWS Architecture Blog: from memory", date: "2026-11" }],
  defaults: { delay: "ours", cap: "ours" },
  behaviour: { retried: "passing", delay: "U · `delay` · 2ⁿ up to `cap`", ...IGNORES_HEADERS },
  readsShouldRetry: false,
  retries: true,
  options: JITTER_OPTIONS,
  create: ({ delay, cap }, settings) => new RetryLoop("full-jitter", fullJitterRule(delay, cap), settings),
});

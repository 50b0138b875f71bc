// Clients of the textbook, to compare real ones with. They retry what the SDKs retry and as often, and read no
// header. `naive` comes back at once; `exponential` after an exponential delay, as often as it takes; `fixed` after
// the same delay; `full-jitter` draws between 0 and a delay that doubles; `decorrelated` (a client of its own)
// draws anew from the last delay. `none` takes no for an answer.
import ln from "@stdlib/math-base-special-ln";
import { NO_TIME, seconds } from "../../base/units.js";
import type { ClientOptions } from "./client.js";
import { doubled, isPassing, type RetryRule, rounded } from "./retry-loop.js";

/** Assumption: as many as the SDKs make, so that only the delays differ. */
export const BASELINE_RETRIES = 2;
/** Assumptions: those of the SDKs. */
export const BASELINE_DELAY = seconds(0.5);
export const BASELINE_CAP = seconds(8);
const FIXED_DELAY = seconds(1);
/** In effect endless: whoever is refused that often at random could not be served at all. */
const ENDLESS_RETRIES = 90;

const onPassing = (delay: RetryRule["delay"]): RetryRule => ({
  maxRetries: BASELINE_RETRIES,
  timeout: undefined,
  retries: ({ status }) => isPassing(status),
  delay,
});

export const NO_RETRIES: RetryRule = { ...onPassing(() => NO_TIME), maxRetries: 0, retries: () => false };

export const NAIVE: RetryRule = onPassing(() => NO_TIME);

export function fixed({ delay = FIXED_DELAY }: ClientOptions): RetryRule {
  return onPassing(() => delay);
}

/** Retries of theory, without a memory: its customers come back until they are served. */
export function exponential({ delay = FIXED_DELAY }: ClientOptions): RetryRule {
  const rule = onPassing((_, __, chance) => rounded(-ln(1 - chance.uniform()) * delay));
  return { ...rule, maxRetries: ENDLESS_RETRIES };
}

export function fullJitter({ delay = BASELINE_DELAY, cap = BASELINE_CAP }: ClientOptions): RetryRule {
  return onPassing((_, retried, chance) => rounded(chance.uniform() * doubled(delay, retried, cap)));
}

// Speculative decoding: a step drafts k tokens a sequence, one after another, with a small model, and lets the target
// verify them all at once, as k + 1 rows a sequence. Knows times only; how many tokens are accepted is chance, and
// the replica's business. Source: Leviathan, Kalman, Matias, "Fast inference from transformers via speculative
// decoding", 2023.

import pow from "@stdlib/math-base-special-pow";
import type { DraftTimes } from "./file/profile-keys.js";
import type { PassTimes } from "./pass-times.js";

/** A draft given by four numbers. */
export function linearDraft(times: DraftTimes): PassTimes {
  return {
    base: (decoding, rowsEach, prefillTokens) =>
      times.base + times.perSequence * decoding * rowsEach + times.perPrefillToken * prefillTokens,
    slope: () => times.perContextToken,
    prefill: () => 0,
  };
}

/**
 * The target's pass with `tokens` passes of the draft before it. Prompts go through both models: they ride along
 * with the first pass of the draft.
 */
export function speculativePass(target: PassTimes, draft: PassTimes, tokens: number): PassTimes {
  return {
    base: (decoding, rowsEach, prefillTokens) => {
      const drafted = decoding > 0 ? tokens : 0;
      const first = drafted > 0 || prefillTokens > 0 ? draft.base(decoding, 1, prefillTokens) : 0;
      const others = drafted > 1 ? (drafted - 1) * draft.base(decoding, 1, 0) : 0;
      return target.base(decoding, rowsEach, prefillTokens) + first + others;
    },
    slope: (decoding, rowsEach) => target.slope(decoding, rowsEach) + tokens * draft.slope(decoding, 1),
    prefill: (area, priorContext) => target.prefill(area, priorContext) + draft.prefill(area, priorContext),
    ...(target.clock && { clock: target.clock }),
  };
}

/**
 * Tokens that a sequence gains in a step, on the average: those accepted up to the first refusal, and one of the
 * target's own. (1 - a^(k+1)) / (1 - a), Leviathan et al., equation 1.
 */
export function expectedTokens(tokens: number, acceptance: number): number {
  if (acceptance === 1) return tokens + 1;
  return (1 - pow(acceptance, tokens + 1)) / (1 - acceptance);
}

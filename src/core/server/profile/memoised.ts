// A profile that remembers what decode steps cost: replicas ask for the same few batch sizes over and over. What it
// answers is what the profile answers.
import type { StepProfile } from "./step-profile.js";

export function memoised(profile: StepProfile, maxSequences: number): StepProfile {
  const bases = new Float64Array(maxSequences + 1).fill(Number.NaN);
  const slopes = new Float64Array(maxSequences + 1).fill(Number.NaN);
  return {
    ...profile,
    base: (decoding, prefillTokens) => {
      if (prefillTokens > 0) return profile.base(decoding, prefillTokens);
      const known = bases[decoding]!;
      if (!Number.isNaN(known)) return known;
      bases[decoding] = profile.base(decoding, 0);
      return bases[decoding]!;
    },
    slope: (decoding) => {
      const known = slopes[decoding]!;
      if (!Number.isNaN(known)) return known;
      slopes[decoding] = profile.slope(decoding);
      return slopes[decoding]!;
    },
  };
}

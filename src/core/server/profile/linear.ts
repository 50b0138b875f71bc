// A step-time profile of four numbers: enough for theory and for a first guess.
import * as z from "zod";
import { fineDuration } from "../../document/units.js";
import type { StepProfile } from "./step-profile.js";

export const linearKeys = z.strictObject({
  // Time is counted in whole microseconds, and a step must take some.
  base: fineDuration({ from: 1 }).describe("Time of a step with nothing in it; at least 1us."),
  perSequence: fineDuration().describe("Added for each sequence that decodes in the step."),
  perContextToken: fineDuration().describe("Added for each token of context that the step reads."),
  perPrefillToken: fineDuration().describe("Added for each prompt token that the step prefills."),
});

/** In microseconds. */
export type LinearProfileSpec = z.output<typeof linearKeys>;

export function linearProfile(spec: LinearProfileSpec): StepProfile {
  return {
    name: "linear",
    source: "given in the scenario",
    estimate: false,
    tokensPerSequence: 1,
    acceptance: 0,
    base: (decoding, prefillTokens) =>
      spec.base + spec.perSequence * decoding + spec.perPrefillToken * prefillTokens,
    slope: () => spec.perContextToken,
    prefill: () => 0,
  };
}

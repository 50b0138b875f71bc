// Independent servers, as a scenario writes them: so many places at a fixed speed each.
import { amount, count } from "../../document/units.js";
import { frontEnd } from "../profile/front-end.js";
import { defineEngine } from "./engine.js";
import { SlotsReplica } from "./slots-replica.js";

export const slots = defineEngine({
  name: "slots",
  summary: "A fixed number of places, each at a fixed speed.",
  options: {
    slots: count(1, 1_000_000).describe("Requests served at a time."),
    tokensPerSecond: amount().describe("Output tokens a second of each request."),
    prefillTokensPerSecond: amount()
      .exactOptional()
      .describe("Prompt tokens a second; left out: no prefill time."),
    frontEnd: frontEnd.exactOptional().describe("What calls take outside the engine; left out: none."),
  },
  create(given) {
    const options = { ...given, prefillTokensPerSecond: given.prefillTokensPerSecond };
    return {
      profile: undefined,
      slots: given.slots,
      kvTokens: Number.POSITIVE_INFINITY,
      keepsContexts: false,
      // They know no steps and lose no memory.
      work: { steps: 0, epochs: 0, preemptions: 0, lostTokens: 0 },
      create: (clock, listener) => new SlotsReplica(options, clock, listener),
    };
  },
  occupationOf({ slots: places, tokensPerSecond, prefillTokensPerSecond }, { input, output }) {
    const prefill = prefillTokensPerSecond === undefined ? 0 : input / prefillTokensPerSecond;
    const seconds = output / tokensPerSecond + prefill;
    return { places, seconds, isSteady: true };
  },
  frontEndOf: (spec) => spec.frontEnd,
});

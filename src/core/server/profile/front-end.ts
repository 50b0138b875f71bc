// What a call takes outside the engine that serves it, as a scenario or the table of engine versions states it: HTTP
// server, tokenizer, detokenizer and network. States times and draws nothing.
import * as z from "zod";
import type { Options } from "../../document/definition.js";
import { time } from "../../document/times.js";
import { fineDuration, MILLISECOND } from "../../document/units.js";

export const frontEndKeys = {
  prompt: time
    .prefault("0s")
    .describe("From when a caller sends until the gateway has the call: HTTP, tokenizer, network."),
  perPromptToken: fineDuration({ from: 0, to: MILLISECOND })
    .prefault("0s")
    .describe("Added to that for each prompt token: the tokenizer's part."),
  token: time
    .prefault("0s")
    .describe("From when the server has an answer until its caller has it: detokenizer, HTTP, network."),
};

export const frontEnd = z.strictObject(frontEndKeys);

/** Times in microseconds. */
export type FrontEndTimes = Options<typeof frontEndKeys>;

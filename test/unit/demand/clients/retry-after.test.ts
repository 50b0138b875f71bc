// What every client does about a retry-after, as a table: seconds told, seconds waited. The values are those of the real
// clients (reference in docs/clients.md), so that a rule that moves by a second fails here, and so does a new client
// that nobody has looked up.
import { expect, it } from "vitest";
import { CLIENTS, createClient } from "../../../../src/core/demand/clients/registry.js";
import { delays, LOWEST, told } from "./calls.js";

const TOLD = [1, 59, 60, 61, 3600];

/** Waits at the lowest draw of jitter: a retry-after that is taken, or the client's own delay. */
const WAITED: Readonly<Record<string, readonly (number | undefined)[]>> = {
  none: [undefined, undefined, undefined, undefined, undefined],
  "openai-node-6": [1, 59, 60, 61, 3600],
  "openai-node-7": [1, 59, 60, 0.5, 0.5],
  "anthropic-sdk": [1, 59, 60, 61, 3600],
  "stainless-python": [1, 59, 60, 0.5, 0.5],
  "vercel-ai": [1, 59, 2, 2, 2],
  "litellm-router": [1, 59, 60, 0.5, 0.5],
  "claude-code": [1, 59, 60, 61, 3600],
  portkey: [1, 1, 1, 1, 1],
  "aws-standard": [1, 59, 60, 61, 3600],
  "aws-adaptive": [1, 59, 60, 61, 3600],
  "sre-throttle": [0, 0, 0, 0, 0],
  fixed: [1, 1, 1, 1, 1],
  naive: [0, 0, 0, 0, 0],
  exponential: [0, 0, 0, 0, 0],
  "full-jitter": [0, 0, 0, 0, 0],
  decorrelated: [0.5, 0.5, 0.5, 0.5, 0.5],
  "google-genai": [1, 1, 1, 1, 1],
};

const waitsOf = (name: string, options = {}) =>
  TOLD.map((wait) => {
    const [waited] = delays(createClient(name, options), [told(429, wait)], LOWEST);
    return waited === undefined ? undefined : Math.abs(waited);
  });

it.each(CLIENTS.map(({ name }) => name))("%s waits 1, 59, 60, 61 and 3600 s as the real one does", (name) => {
  expect(waitsOf(name)).toEqual(WAITED[name]);
});

it("portkey told to heed it waits below a minute, and gives up from there on", () => {
  expect(waitsOf("portkey", { heedsRetryAfter: true })).toEqual([1, 59, undefined, undefined, undefined]);
});

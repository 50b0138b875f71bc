// Limits that have enough again only after minutes or hours: what a refusal tells then, and what real clients make of it.
import { expect, it } from "vitest";
import { play } from "./tiny.js";

/** Two calls in a row, every eight minutes. */
const PAIRS = Array.from({ length: 40 }, (_, index) => ({
  at: 480 * Math.floor(index / 2) + (index % 2),
  output: 10,
  input: 10,
}));

function played(rate: string, preset: "openai-node-6" | "openai-node-7" | "google-genai") {
  const { result } = play(PAIRS, {
    pool: { replica: { engine: "slots", slots: 1000, tokensPerSecond: 1000 }, admission: { policy: "none" } },
    traffic: { client: { preset, maxRetries: 2 } },
    more: { drain: true, limits: { requests: { rate, burst: 1 } }, retryAfter: { rateLimited: "estimate" } },
  });
  const { amplification, requests } = result.all;
  return [amplification, requests.givenUp, requests.completed];
}

it.each(["61/h", "30/h", "20/h"])("estimates the whole wait at %s: one retry of each second call", (rate) => {
  expect(played(rate, "openai-node-6")).toEqual([1.5, 0, 40]);
});

it("is no help to clients that take no minute: they are back too early, and give up", () => {
  expect(played("20/h", "openai-node-7")).toEqual([2, 20, 20]);
  expect(played("20/h", "google-genai")).toEqual([2, 20, 20]);
});

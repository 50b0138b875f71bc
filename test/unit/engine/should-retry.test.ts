// The x-should-retry header, from the scenario through the gateway to a client that obeys it.
import { expect, test } from "vitest";
import { type ScenarioInput, simulate } from "../../../src/core/index.js";

const attemptsEach = (shouldRetry: NonNullable<ScenarioInput["retryAfter"]>["shouldRetry"]) =>
  simulate({
    schemaVersion: 1,
    duration: "30s",
    drain: true,
    inventory: { gpus: 1 },
    pools: {
      shared: {
        replicas: 1,
        replica: { engine: "slots", slots: 1, tokensPerSecond: 1 },
        admission: { policy: "tail-drop", maxQueue: 0 },
      },
    },
    paths: { standard: { model: "m", pool: "shared", rank: 0 } },
    retryAfter: { ...(shouldRetry !== undefined && { shouldRetry }) },
    traffic: {
      calls: {
        arrivals: { process: "poisson", rate: 2 },
        input: 1,
        output: 20,
        mix: { standard: 1 },
        client: "openai-node-6",
      },
    },
  }).all.amplification;

test("a client that is told not to retry a 503 makes one attempt", () => {
  expect(attemptsEach(undefined)).toBeGreaterThan(2);
  expect(attemptsEach({ overloaded: true })).toBe(attemptsEach(undefined));
  expect(attemptsEach({ overloaded: false })).toBe(1);
  expect(attemptsEach({ rateLimited: false })).toBe(attemptsEach(undefined));
});

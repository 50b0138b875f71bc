// LAW-6: whoever decides does not know how long the answer will be. Until the first answer is complete, a world of
// short answers and one of long answers cannot be told apart by anything that was decided in them.
import { expect, test } from "vitest";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { runChecked } from "../support/checker.js";
import {
  expectEnough,
  expectLaw,
  forWorlds,
  repeatCommand,
  withoutContexts,
  withPools,
  withSources,
} from "../support/laws.js";
import { randomScenario } from "../support/random-scenario.js";

test("LAW-6: policies are shown the declared facts and no more", () => {
  expectLaw("LAW-6");
});

type BatchingInput = Extract<ScenarioInput["pools"][string]["replica"], { engine: "batching" }>;

/**
 * Memory for everybody and no luck with drafts: that a replica runs out of memory, or how many of its drafts are
 * accepted, is physics, and would tell the two worlds apart.
 */
function withAnswers(scenario: ScenarioInput, tokens: number): ScenarioInput {
  const roomy = withPools(withoutContexts(scenario), ({ replica, admission }) => ({
    replica:
      replica.engine === "batching" ? { ...replica, profile: undrafted(replica), kvTokens: 1e12 } : replica,
    ...(admission?.policy === "trunk-reservation" && { admission: { ...admission, signal: "slots" } }),
  }));
  const { limits, ...rest } = roomy;
  const unlimited =
    limits === undefined ? rest : { ...rest, limits: { ...limits, generatedTokens: "1G/min" } };
  return withSources(unlimited, { output: tokens, maxOutput: 1000 });
}

function undrafted({ profile }: BatchingInput): BatchingInput["profile"] {
  const isFast = typeof profile === "string" ? profile.includes("-fast-") : "speculative" in profile;
  return isFast ? "llama-3.1-8b-h100" : profile;
}

test("LAW-6: until the first answer is complete, its length changes nothing", () => {
  let compared = 0;
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const short = runChecked(withAnswers(scenario, 30), seed).log;
    const long = runChecked(withAnswers(scenario, 90), seed).log;
    const until = Math.min(short.firstCompletion, long.firstCompletion);
    const differs = short.firstDifference(long) ?? Number.POSITIVE_INFINITY;
    compared += until;
    expect(differs, `repeat with ${repeatCommand(seed)}`).toBeGreaterThanOrEqual(until);
  });
  expectEnough(compared, 100);
});

/** A reserve of memory that holds requests back by their prompts, long before memory itself is short. */
const RESERVED: ScenarioInput = {
  schemaVersion: 1,
  duration: "8s",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: {
        engine: "batching",
        profile: { base: "100ms", perSequence: 0, perContextToken: 0, perPrefillToken: 0 },
        maxSequences: 100,
        maxBatchedTokens: 100_000,
        maxPrefillSequences: 100,
        kvTokens: 100_000,
      },
      admission: { policy: "trunk-reservation", signal: "kv", reserve: { standard: 0.6 }, maxQueue: 5 },
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0 } },
  traffic: {
    callers: {
      arrivals: { process: "poisson", rate: 20 },
      input: 2000,
      output: 100,
      maxOutput: 2000,
      mix: { standard: 1 },
    },
  },
};

test("LAW-6: a reserve of memory goes by prompts, not by answers that are still to come", () => {
  const short = runChecked(withSources(RESERVED, { output: 100 }), "1");
  const long = runChecked(withSources(RESERVED, { output: 1000 }), "1");
  const until = Math.min(short.log.firstCompletion, long.log.firstCompletion);
  expect([...short.violations, ...long.violations]).toEqual([]);
  expect(short.log.firstDifference(long.log) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(until);
  // The reserve did hold people back meanwhile: fewer than half of those who came were let in.
  const { attempts, outcomes } = long.result!.all;
  expect(outcomes.overloaded).toBeGreaterThan(attempts / 2);
});

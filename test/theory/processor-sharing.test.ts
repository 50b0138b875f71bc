// A batch whose steps take as long as it has sequences shares one server among them: processor sharing, whose mean time
// inside depends on the mean length of answers alone (Kleinrock, Queueing Systems 2, 4.4: E[T] = E[S] / (1 - rho)). And
// many such servers behind a choice of two at random: the supermarket model (Mitzenmacher 2001, theorem 5).
//
// What steps cost: a request waits for the boundary and leaves at one, so its time is up to a step too long. A step
// takes QUANTUM for each sequence inside.
import { describe, expect, test } from "vitest";
import { gear, NIGHTLY, STEP_BY_STEP } from "../support/mode.js";
import { batchingSystem, expectCovers, measured, SLOW } from "../support/oracle.js";

const QUANTUM = 1e-3;
const OUTPUT = 200;
const SERVICE = QUANTUM * OUTPUT;

const SHARED_SERVER = {
  // A step takes some time even when it is empty; a prompt of one token counts as a sequence.
  profile: { base: "1us", perSequence: "1ms", perContextToken: 0, perPrefillToken: "1ms" },
  maxSequences: 256,
  maxPrefillSequences: 256,
  kvTokens: 1e9,
} as const;

const ANSWERS = {
  deterministic: OUTPUT,
  exponential: { dist: "exponential", mean: OUTPUT },
  lognormal: { dist: "lognormal", mean: OUTPUT, sigma: 1 },
} as const;

describe("M/G/1 with processor sharing, 60 % load", () => {
  const load = 0.6;
  const sojourn = SERVICE / (1 - load);
  const inside = load / (1 - load);
  const slow = { sojourn: (SLOW * SERVICE) / (1 - SLOW * load), inside: (SLOW * load) / (1 - SLOW * load) };

  const answers = Object.entries(ANSWERS).filter(([name]) => NIGHTLY || name !== "exponential");

  test.each(answers)("%s answers", (_, output) => {
    const scenario = batchingSystem(
      SHARED_SERVER,
      { arrivals: { process: "poisson", rate: load / SERVICE }, input: 1, output },
      // Answers of one length vary least.
      { duration: gear(output === OUTPUT ? "1400s" : "2800s", "3000s"), warmup: "100s" },
    );
    const run = measured(scenario, {
      sojourn: (result) => result.all.latency.mean!,
      inside: (result) => result.pools[0]!.slotsBusyMean!,
    });
    const step = QUANTUM * (inside + 1);
    expectCovers(run.sojourn, sojourn, slow.sojourn, step);
    expectCovers(run.inside, inside, slow.inside, step * (load / SERVICE));
  });
});

describe("the supermarket model: 100 shared servers, 80 % load", () => {
  const load = 0.8;
  const servers = 100;
  /** Mean time inside with the less loaded of two at random, and with one at random. */
  const sums = (rho: number) => [1, 2, 3, 4, 5, 6].reduce((sum, i) => sum + rho ** (2 ** i - 2), 0);
  const ofTwo = SERVICE * sums(load);
  const ofOne = SERVICE / (1 - load);

  // Step by step it takes twenty times as long, and says nothing of steps that the tests above do not.
  test.skipIf(STEP_BY_STEP)("power of two: a fraction of the time that one at random would take", () => {
    expect(ofTwo / SERVICE).toBeCloseTo(1.947363, 6);
    const scenario = batchingSystem(
      SHARED_SERVER,
      {
        arrivals: { process: "poisson", rate: (load * servers) / SERVICE },
        input: 1,
        output: ANSWERS.exponential,
      },
      { duration: gear("18s", "40s"), warmup: "5s", pool: { replicas: servers, placement: "power-of-two" } },
    );
    const { sojourn } = measured(scenario, { sojourn: (result) => result.all.latency.mean! });
    // The model has infinitely many servers: a hundred are off by about a hundredth.
    expectCovers(sojourn, ofTwo, SLOW * SERVICE * sums(SLOW * load), 0.02 * ofTwo + 3 * QUANTUM);
    expect(sojourn.high).toBeLessThan(ofOne / 2);
  });
});

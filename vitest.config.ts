// One project per kind of test; `npm test` runs all but bench. See CONTRIBUTING.md for what belongs where. Whatever
// simulates runs twice: in macro-steps, as users do, and step by step, where nothing may come out differently (LAW-5).
import { defineConfig } from "vitest/config";

/** Files of a project share a worker: nothing in the core keeps state of its own, and compiled code stays warm. */
const project = (name: string, seconds: number, isolate = false) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    isolate,
  },
});

/** The same tests with every step worked through; without those that simulate no steps, or both ways already. */
const stepByStep = (name: string, seconds: number, exclude: readonly string[] = []) => ({
  test: {
    ...project(name, seconds).test,
    name: `${name}-step-by-step`,
    env: { SURGEFLEET_STEP_BY_STEP: "1" },
    exclude: exclude.map((file) => `test/${name}/${file}.test.ts`),
  },
});

export default defineConfig({
  test: {
    // By default one processor is left idle, which is half of two.
    maxWorkers: "100%",
    projects: [
      project("unit", 20),
      project("conformance", 20),
      project("law", 60),
      project("theory", 120),
      project("golden", 60),
      project("swarm", 120),
      { test: { ...project("live", 120, true).test, globalSetup: "test/support/build.ts" } },
      stepByStep("law", 60, ["law-05-*", "stories"]),
      stepByStep("theory", 120, [
        "loss-systems",
        "retries",
        "retries-alone",
        "closed-loop",
        "patience",
        "client-models",
        "retrial-orbit",
        "agent-traffic",
        "token-bucket",
        "recorded-runs",
        "planted-regressions",
        "coverage",
        "planning",
        "rare-events",
      ]),
      stepByStep("golden", 60, ["generated-files"]),
      stepByStep("swarm", 120),
    ],
  },
});

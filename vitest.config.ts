// One project per kind of test; CONTRIBUTING.md says what belongs where, test/suite/stages.ts which of them `npm test`
// and `npm run nightly` run and what they may take.
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { NIGHTLY } from "./test/support/mode.js";

/**
 * A loaded machine is slow and not red: what a test runs is limited in requests and events instead. This ends only
 * what hangs, by day while there is time to tell of it.
 */
const PATIENCE_MS = NIGHTLY ? 3_600_000 : 900_000;

/**
 * To V8: tests call many functions, few of them for long. It compiles for speed what has run four times as much as it
 * would else wait for, and lets garbage pile up from the start to a size that it would else grow to.
 */
const UNHURRIED = [
  Number.parseInt(process.versions.v8, 10) < 12
    ? "--interrupt-budget=528000"
    : "--invocation-count-for-turbofan=12000",
  "--min-semi-space-size=32",
  "--max-semi-space-size=64",
];

const common = {
  testTimeout: PATIENCE_MS,
  hookTimeout: PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS } },
  // Files share a worker: nothing in the core keeps state of its own, and compiled code stays warm.
  isolate: false,
  setupFiles: "test/support/property-tests.ts",
  // Modules as Node has them: what Vite makes of an import takes a quarter of a simulation's speed.
  execArgv: ["--import", "tsx", ...UNHURRIED],
  experimental: { viteModuleRunner: false, nodeLoader: false },
};

const project = (name: string, more: TestProjectInlineConfiguration["test"] = {}) => ({
  test: { ...common, name, include: [`test/${name}/**/*.test.ts`], ...more },
});

/** What simulates in `theory`, with every step worked through; without what simulates no steps, or both ways. */
const stepByStep = project("theory", {
  name: "theory-step-by-step",
  include: ["continuous-batching", "processor-sharing", "replica-physics"].map(
    (file) => `test/theory/${file}.test.ts`,
  ),
  env: { SURGEFLEET_STEP_BY_STEP: "1" },
});

export default defineConfig({
  test: {
    // By default one processor is left idle, which is half of two.
    maxWorkers: "100%",
    projects: [
      // To load their files takes longer than most of them run: a second worker would load them again.
      project("unit", { maxWorkers: 1 }),
      project("conformance", { maxWorkers: 1 }),
      project("law"),
      // One worker, so that a run of a shipped scenario is made once for all that look at it.
      project("golden", { maxWorkers: 1 }),
      project("swarm"),
      project("theory"),
      project("live", { globalSetup: "test/support/build.mjs" }),
      ...(NIGHTLY ? [stepByStep] : []),
    ],
  },
});

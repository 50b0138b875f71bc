// One project per kind of test; `npm test` runs all but bench. See CONTRIBUTING.md for what belongs where.
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

export default defineConfig({
  test: {
    projects: [
      project("unit", 20),
      project("conformance", 20),
      project("law", 60),
      project("theory", 120),
      project("golden", 60),
      project("swarm", 120),
      project("live", 120, true),
    ],
  },
});

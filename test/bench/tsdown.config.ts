// Benchmarks run as people run the simulator: built, not through a loader that compiles on the way.
import { defineConfig } from "tsdown";

export default defineConfig({
  cwd: "../..",
  entry: { bench: "test/bench/bench.ts" },
  outDir: ".cache/bench",
  platform: "node",
  target: "node20.19",
  dts: false,
  logLevel: "error",
});

// The build: the library for any JavaScript engine, with types, and the command line for Node. Each in a
// folder of its own below dist, because src/node/package-files.ts counts folders up to the package's root.
import { defineConfig } from "tsdown";

export default defineConfig([
  {
    entry: { index: "src/core/index.ts" },
    outDir: "dist/core",
    platform: "neutral",
    target: "es2022",
    dts: true,
    tsconfig: "src/core/tsconfig.json",
  },
  {
    entry: { cli: "src/node/cli.ts" },
    outDir: "dist/node",
    platform: "node",
    fixedExtension: false,
    target: "node20.19",
    dts: false,
    tsconfig: "src/node/tsconfig.json",
  },
]);

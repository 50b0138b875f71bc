// The build: the library for any JavaScript engine, with types, the command line for Node, and what a report's page
// runs. Each in a folder of its own below dist, because src/node/package-files.ts counts folders up to the package's
// root.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type UserConfig } from "tsdown";

const REPORT_STYLES = ["node_modules/uplot/dist/uPlot.min.css", "src/web/report/report.css"];

/** The script of a report's page, in one piece with the library that draws its charts, and its style. */
export const reportClient = (outDir: string): UserConfig => ({
  entry: { report: "src/web/report/main.ts" },
  outDir,
  format: "iife",
  platform: "browser",
  target: "es2022",
  minify: true,
  dts: false,
  banner: { js: "/*! With uPlot, (c) Leon Sorokin, MIT license: github.com/leeoniya/uPlot */" },
  tsconfig: "src/web/tsconfig.json",
  outputOptions: { entryFileNames: "[name].js" },
  hooks: {
    "build:done": () => {
      const style = REPORT_STYLES.map((file) => readFileSync(file, "utf8")).join("");
      const small = style.replace(/\/\*.*?\*\//gs, "").replace(/\s*\n\s*/g, "");
      writeFileSync(join(outDir, "report.css"), small);
      copyFileSync("node_modules/uplot/LICENSE", join(outDir, "uPlot-LICENSE"));
    },
  },
});

export default defineConfig([
  {
    entry: { index: "src/core/index.ts" },
    outDir: "dist/core",
    // A file for each source file: a bundler then leaves out those that are not needed, and the libraries they import.
    unbundle: true,
    platform: "neutral",
    target: "es2022",
    dts: true,
    tsconfig: "src/core/tsconfig.json",
  },
  {
    // The worker lies beside whatever starts it: src/node/run/replications.ts finds it there.
    entry: { cli: "src/node/cli.ts", "replication-worker": "src/node/run/replication-worker.ts" },
    outDir: "dist/node",
    platform: "node",
    fixedExtension: false,
    target: "node20.19",
    dts: false,
    tsconfig: "src/node/tsconfig.json",
  },
  reportClient("dist/web"),
]);

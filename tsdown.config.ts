// The build: the library for any JavaScript engine, with types, the command line for Node, and what a report's page
// runs. Each in a folder of its own below dist, because src/node/package-files.ts counts folders up to the package's
// root.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig, type Rolldown, type UserConfig } from "tsdown";

const PACKAGE_FOLDER = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/;
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

/** What is run first in every realm of a user's module, in one piece. */
const realmBridge = (outDir: string): UserConfig => ({
  entry: { bridge: "src/realm/bridge.ts" },
  outDir,
  format: "iife",
  globalName: "surgefleetBridge",
  platform: "neutral",
  target: "es2022",
  minify: true,
  dts: false,
  tsconfig: "src/realm/tsconfig.json",
  outputOptions: { entryFileNames: "[name].js" },
});

/** Beside the command line: the license of every package that is bundled into it, the same text once. */
const bundledLicenses = (): Rolldown.Plugin => ({
  name: "bundled-licenses",
  generateBundle(_, bundle) {
    const files = Object.values(bundle).flatMap((one) => (one.type === "chunk" ? one.moduleIds : []));
    const packages = new Map<string, string[]>();
    for (const folder of new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []))) {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
      const text = texts.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
      const terms = text === "" ? license : text;
      packages.set(terms, [...(packages.get(terms) ?? []), `${name} ${version}`]);
    }
    const parts = [...packages].map(([terms, names]) => `${names.sort().join("\n")}\n\n${terms}\n`).sort();
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: parts.join(`\n${"-".repeat(80)}\n\n`) });
  },
});

/** Where the check of types leaves the declarations of src/core: `npm run build` has it do so first. */
const DECLARATIONS = "node_modules/.cache/types/core";
/** Of `from "./x.js"` and `import("./x.js")`. */
const RELATIVE = /\b(?:from |import\()"(\.[^"]*)\.js"/g;

/** The declarations that the entry leads to, and no others: what is not exported cannot be imported. */
function copyDeclarations(outDir: string): void {
  const reached = new Set(["index.d.ts"]);
  // A set hands out what is added while it is gone through.
  for (const file of reached) {
    const text = readFileSync(join(DECLARATIONS, file), "utf8");
    for (const [, path = ""] of text.matchAll(RELATIVE)) reached.add(`${join(dirname(file), path)}.d.ts`);
    mkdirSync(dirname(join(outDir, file)), { recursive: true });
    writeFileSync(join(outDir, file), text);
  }
}

export default defineConfig([
  {
    // The second is what modules of users' own import, bundled with them: src/node/code/bundle.ts.
    entry: { index: "src/core/index.ts", "custom/public": "src/core/custom/public.ts" },
    outDir: "dist/core",
    // A file for each source file: a bundler then leaves out those that are not needed, and the libraries they import.
    unbundle: true,
    // A constant of another file that is written out leaves an import for nothing behind, of which bundlers warn.
    inputOptions: { optimization: { inlineConst: false } },
    platform: "neutral",
    target: "es2022",
    // The compiler has written them already, and to have them bundled takes six times as long as all the rest.
    dts: false,
    hooks: { "build:done": () => copyDeclarations("dist/core") },
    tsconfig: "src/core/tsconfig.json",
  },
  {
    // The worker lies beside whatever starts it: src/node/run/worker-file.ts finds it there.
    entry: { cli: "src/node/cli.ts", "replication-worker": "src/node/run/replication-worker.ts" },
    outDir: "dist/node",
    platform: "node",
    // In two files instead of a thousand: reading those took longer than most commands.
    // Piscina starts files of its own.
    noExternal: /^(?!piscina$)/,
    plugins: [bundledLicenses()],
    fixedExtension: false,
    target: "node20.19",
    dts: false,
    tsconfig: "src/node/tsconfig.json",
  },
  reportClient("dist/web"),
  realmBridge("dist/realm"),
]);

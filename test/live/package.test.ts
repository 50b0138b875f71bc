// The package as others get it: packed, unpacked elsewhere, run there; and the library without any Node API.
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "tsdown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { simulate } from "../../src/core/index.js";
import { gear } from "../support/mode.js";

const SCENARIO = {
  schemaVersion: 1 as const,
  duration: "60s",
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: {
        engine: "batching" as const,
        profile: "llama-3.1-8b-h100" as const,
        maxSequences: 8,
        kvTokens: "100k",
      },
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0 } },
  traffic: {
    calls: {
      arrivals: { process: "gamma" as const, rate: "8/s", cv: 2 },
      input: { dist: "lognormal" as const, median: 500, sigma: 1 },
      output: { dist: "exponential" as const, mean: 100 },
      mix: { standard: 1 },
      client: "openai-node-6" as const,
    },
  },
};

let home: string;
let elsewhere: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "surgefleet-package-"));
  const npm = (...words: string[]) =>
    execFileSync("npm", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [{ filename, files }] = JSON.parse(
    npm("pack", "--json", "--ignore-scripts", "--pack-destination", home),
  );
  const names = files.map((file: { path: string }) => file.path);
  expect(names).toEqual(
    expect.arrayContaining([
      "dist/core/index.js",
      "dist/core/index.d.ts",
      "dist/node/cli.js",
      "dist/web/report.js",
      "dist/realm/bridge.js",
      "dist/core/custom/public.js",
      "templates/policy.ts",
    ]),
  );
  expect(names.filter((name: string) => /^(src|test|results)\//.test(name))).toEqual([]);
  // Dependencies come from this checkout, so that the test needs no registry.
  elsewhere = join(home, "elsewhere");
  const modules = join(elsewhere, "node_modules");
  mkdirSync(modules, { recursive: true });
  execFileSync("tar", ["-xzf", join(home, filename), "-C", home]);
  renameSync(join(home, "package"), join(modules, "surgefleet"));
  for (const name of readdirSync("node_modules")) {
    if (!name.startsWith(".")) symlinkSync(resolve("node_modules", name), join(modules, name));
  }
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

const node = (...words: string[]) =>
  execFileSync(process.execPath, words, { cwd: elsewhere, encoding: "utf8" });

test("the library runs where it was installed, with the result of the sources", () => {
  writeFileSync(
    join(elsewhere, "use.mjs"),
    `import { simulate } from "surgefleet"; console.log(JSON.stringify(simulate(${JSON.stringify(SCENARIO)})));`,
  );
  expect(JSON.parse(node("use.mjs"))).toEqual(JSON.parse(JSON.stringify(simulate(SCENARIO))));
});

test("the README's example compiles in a strict project, and runs there", () => {
  const [, example = ""] =
    /```ts\n(import \{[^`]*from "surgefleet"[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
  writeFileSync(join(elsewhere, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(elsewhere, "readme.ts"), example);
  writeFileSync(
    join(elsewhere, "wrong.ts"),
    `import { type RunResult, type ScenarioInput, simulate } from "surgefleet";
const scenario: ScenarioInput = ${JSON.stringify(SCENARIO)};
const result: RunResult = simulate(scenario);
export const rate: number | null = result.all.overloadedRate;
// @ts-expect-error there is no such key
simulate({ ...scenario, pols: {} });
`,
  );
  const compilerOptions = {
    strict: true,
    module: "nodenext",
    target: "es2022",
    types: [],
    skipLibCheck: true,
    outDir: "out",
  };
  writeFileSync(
    join(elsewhere, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["readme.ts", "wrong.ts"] }),
  );
  const compiler = resolve(`node_modules/${gear("typescript-7", "typescript")}/bin/tsc`);
  const { stdout } = spawnSync(process.execPath, [compiler], { cwd: elsewhere, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(node(join("out", "readme.js"))).toMatch(/^0\.\d+ \d+\.\d+\n0\.\d+ \[0\.\d+, 0\.\d+\]\n$/);
});

test("the command line runs its example, and init and validate work there", () => {
  const cli = join("node_modules", "surgefleet", "dist", "node", "cli.js");
  expect(node(cli, "run", "--quiet", "--seeds", "1", "--set", "duration=2m")).toMatch(
    /THRESHOLDS[\s\S]*standard[\s\S]*priority[\s\S]*fast/,
  );
  expect(readdirSync(join(elsewhere, "results", "quickstart"))).toContain("summary.csv");
  node(cli, "init");
  expect(node(cli, "validate", "quickstart.yaml")).toMatch(/ok/);
  expect(readFileSync(join(elsewhere, "quickstart.yaml"), "utf8")).toContain("schemaVersion: 1");
  // A module of the user's own, with what it imports from the package and the script that stands around it.
  node(cli, "policy", "new", "mine", "--kind", "client");
  expect(node(cli, "policy", "test", "./mine.ts")).toMatch(/laws met/);
  const folder = join("results", "quickstart");
  node(cli, "report", folder, "--scenario", "quickstart.yaml", "--out", "page.html", "--open", "never");
  expect(readFileSync(join(elsewhere, "page.html"), "utf8")).toMatch(
    /^<!doctype html>[\s\S]*schemaVersion: 1/,
  );
});

test("the library needs no Node API: bundled for a browser, it runs in a bare context", async () => {
  await build({
    entry: { surgefleet: "src/core/index.ts" },
    outDir: join(home, "browser"),
    format: "iife",
    platform: "browser",
    globalName: "surgefleet",
    noExternal: /./,
    dts: false,
    config: false,
    logLevel: "silent",
    tsconfig: "src/core/tsconfig.json",
  });
  const [file = ""] = readdirSync(join(home, "browser"));
  // A context with the language and nothing else: no process, no Buffer, no require, no console, no crypto.
  const context = createContext({});
  runInContext(readFileSync(join(home, "browser", file), "utf8"), context);
  const json = runInContext(`JSON.stringify(surgefleet.simulate(${JSON.stringify(SCENARIO)}))`, context);
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(simulate(SCENARIO))));
});

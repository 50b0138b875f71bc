// No command writes over what it reads, takes it away, or computes before it knows that it can write.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dataHash } from "../../../../src/node/results/manifest.js";
import { loadScenarioFile } from "../../../../src/node/scenario-file.js";
import { surgefleet as hosted } from "../command-line/hosted.js";
import { tracedText } from "../run/small-scenario.js";

const STEPS = join(import.meta.dirname, "../../../fixtures/steps/made.csv");
const TRACE = "timestamp,input_tokens,output_tokens\n0,1,1\n1,2,2\n";
const scenario = (name: string, trace: string) => `name: ${name}\n${tracedText(JSON.stringify(trace))}`;

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-inputs-"));
  env = {};
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  mkdirSync(join(at(name), ".."), { recursive: true });
  writeFileSync(at(name), text);
  return at(name);
}

let env: Record<string, string> = {};

async function surgefleet(...words: string[]) {
  const { code, stderr: told } = await hosted(words, { cwd: folder, env });
  return { code, told };
}

function everything(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, readFileSync(path, "utf8")];
    }),
  );
}

/** Exit code 2, one line, and nothing has changed. */
async function expectRefused(wanted: RegExp, ...words: string[]): Promise<void> {
  const before = everything();
  const { code, told } = await surgefleet(...words);
  expect([code, told]).toEqual([2, expect.stringMatching(wanted)]);
  expect(told.trimEnd().split("\n")).toHaveLength(1);
  expect(everything()).toEqual(before);
}

const READ = /this file is read or written by this command already/;

it("check writes no baseline over a scenario, a base of it, or a trace", async () => {
  const trace = written("base/x/check.json", TRACE);
  const update = ["--baseline", at("base"), "--update", "--workers", "1"];
  await expectRefused(READ, "check", written("x.yaml", scenario("x", trace)), ...update);
  const itself = written("base/y/check.json", scenario("y", written("y.csv", TRACE)));
  await expectRefused(READ, "check", itself, ...update);
  const derived = written("z.yaml", "extends: ./base/y/check.json\nname: y\n");
  await expectRefused(READ, "check", derived, ...update);
});

it("check adds no summary to what it reads, nor writes over what it adds to", async () => {
  const path = written("x.yaml", scenario("x", written("t.csv", TRACE)));
  env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: path };
  await expectRefused(READ, "check", path, "--workers", "1");
  const summary = written("summary.md", "what an earlier step has written\n");
  env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
  await expectRefused(READ, "check", path, "--workers", "1", "--markdown", summary);
});

it("run keeps a trace that has the name of one of its files, also where an earlier result had it", async () => {
  const trace = written("out/requests.csv", TRACE);
  written("out/manifest.json", JSON.stringify({ surgefleet: "1", files: { "requests.csv": {} } }));
  const path = written("x.yaml", scenario("x", trace));
  await expectRefused(READ, "run", path, "--out", at("out"), "--quiet");
  const itself = written("in/summary.json", scenario("x", trace));
  await expectRefused(READ, "run", itself, "--out", at("in"), "--quiet");
});

it("report writes over nothing of the result and of its scenario", async () => {
  const trace = written("t.csv", TRACE);
  const base = written("base.yaml", scenario("x", trace));
  const path = written("x.yaml", "extends: ./base.yaml\ndescription: longer\n");
  expect(await surgefleet("run", path, "--out", at("out"), "--quiet")).toEqual({ code: 0, told: "" });
  for (const name of ["summary.json", "manifest.json", "timeseries.csv"]) {
    await expectRefused(
      READ,
      "report",
      at("out/summary.json"),
      "--open",
      "never",
      "--out",
      at(`out/${name}`),
    );
  }
  for (const input of [path, base, trace]) {
    const words = ["--scenario", path, "--open", "never", "--out", input];
    await expectRefused(READ, "report", at("out"), ...words);
  }
});

it("report says what is wrong with a manifest that is none", async () => {
  const path = written("x.yaml", scenario("x", written("t.csv", TRACE)));
  expect((await surgefleet("run", path, "--out", at("out"), "--quiet")).code).toBe(0);
  const sha256 = dataHash(loadScenarioFile(path).document);
  const report = ["report", at("out"), "--open", "never", "--scenario", path];
  for (const [manifest, wanted] of [
    ["null", /manifest\.json is damaged: it is no object/],
    ["[]", /another hash/],
    ["{", /manifest\.json is damaged: it is not JSON/],
    ['{"overrides":5}', /overrides is no list of texts/],
    ['{"overrides":[5]}', /overrides is no list of texts/],
    ['{"scenario":{"sha256":5}}', /scenario\.sha256 is no text/],
  ] as const) {
    written("out/manifest.json", manifest);
    await expectRefused(wanted, ...report);
  }
  written("out/manifest.json", JSON.stringify({ scenario: { sha256 } }));
  // Without a build there is no page, which is asked last.
  expect((await surgefleet(...report)).told).toMatch(/^wrote |the page's script is not built/);
});

it("init does not write over the template that it copies", async () => {
  const template = join(import.meta.dirname, "../../../../scenarios/quickstart.yaml");
  const text = readFileSync(template);
  await expectRefused(READ, "init", template, "--force").finally(() => writeFileSync(template, text));
});

it("calibrate, trace and run look first where they are to write", async () => {
  symlinkSync("nothing", at("dangling"));
  mkdirSync(at("dir.csv"));
  const missing = at("missing.csv");
  const path = written("x.yaml", scenario("x", missing));
  await expectRefused(/is a link to what is not there/, "run", path, "--out", at("dangling"));
  await expectRefused(/is a link to what is not there/, "run", path, "--out", at("dangling/deep"));
  await expectRefused(/is not a plain file/, "calibrate", missing, "--out", at("dir.csv"));
  await expectRefused(/is not a plain file/, "calibrate", STEPS, "--svg", at("dir.csv"));
  await expectRefused(/is not a plain file/, "trace", "fit", missing, "--out", at("dir.csv"));
  await expectRefused(/is not a plain file/, "trace", "convert", missing, at("dir.csv"), "--to", "generic");
  await expectRefused(/is not a plain file/, "trace", "generate", path, "--out", at("dir.csv"));
});

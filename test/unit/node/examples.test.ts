// What the pages show in YAML is a scenario or a part of one: put into a whole one each is valid. A block that has a
// key twice shows alternatives, and each of them is tried. What pages and the comments of shipped scenarios set with --set
// is valid in that scenario, too.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runProgram } from "../../../src/node/program.js";

/** Pages whose YAML is of other tools. */
const OF_OTHER_TOOLS = new Set(["docs/ci.md"]);

type Tree = { readonly [key: string]: unknown };

const REPLICA = { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 64, kvTokens: "400k" };
const SOURCE = {
  arrivals: { process: "poisson", rate: "5/s" },
  accounts: { count: 10, skew: 1 },
  input: 800,
  output: 200,
  mix: { standard: 1 },
};
/** A scenario with every path, pool and source that pages speak of. */
const WHOLE: Tree = {
  schemaVersion: 1,
  name: "whole",
  duration: "10d",
  inventory: { gpus: 16 },
  pools: { shared: { replicas: 2, replica: REPLICA }, second: { replicas: 2, replica: REPLICA } },
  paths: {
    standard: { model: "m", pool: "shared", rank: 1 },
    priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
    background: { model: "m", serviceTier: "flex", pool: "shared", rank: 2 },
    fast: { model: "m-fast", pool: "second", rank: 0 },
    small: { model: "m-small", pool: "second", rank: 1 },
  },
  traffic: { agents: SOURCE },
};

/** The block in parts: as a whole, or, where a key is there twice, each of its sections by itself. */
function alternativesOf(text: string): readonly Tree[] {
  const sections = text.split(/^(?=\w+:)/m).filter((section) => /^\w+:/.test(section));
  const keys = sections.map((section) => section.slice(0, section.indexOf(":")));
  const parts = new Set(keys).size === keys.length ? [text] : sections;
  return parts.map((part) => parse(part) as Tree);
}

/** The part where it belongs: some blocks begin inside a pool or a source of traffic. */
function placed(part: Tree): Tree {
  const [key] = Object.keys(part);
  if (key === "admission" || key === "replica") return { pools: { shared: part } };
  return key === "client" ? { traffic: { agents: part } } : part;
}

/** A part replaces what the whole has, but for what the whole has in other pools, paths and sources. */
function scenarioOf(part: Tree): Tree {
  if ("schemaVersion" in part) return part;
  const merged: Record<string, unknown> = { ...WHOLE };
  for (const [key, value] of Object.entries(placed(part))) {
    const isByName = ["pools", "paths", "traffic"].includes(key);
    merged[key] = isByName ? byName(WHOLE[key] as Tree, value as Tree) : value;
  }
  return merged;
}

function byName(whole: Tree, part: Tree): Tree {
  const merged: Record<string, unknown> = { ...whole };
  for (const [name, given] of Object.entries(part)) {
    const isComplete = "arrivals" in (given as Tree);
    merged[name] = isComplete ? given : { ...(whole[name] as Tree), ...(given as Tree) };
  }
  return merged;
}

const PAGES = readdirSync("docs", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name.replaceAll("\\", "/")}`);
const EXAMPLES = ["README.md", ...PAGES.sort()]
  .filter((page) => !OF_OTHER_TOOLS.has(page))
  .flatMap((page) => {
    const text = readFileSync(page, "utf8");
    return [...text.matchAll(/^```ya?ml\b[^\n]*\n(.*?)^```$/gms)].flatMap(({ index, 1: block }) => {
      const line = text.slice(0, index).split("\n").length;
      return alternativesOf(block!).map((part, at) => ({ title: `${page}:${line}, ${at + 1}`, part }));
    });
  });

/** What `surgefleet validate` says. */
async function validated(file: string, ...flags: string[]): Promise<readonly [code: number, told: string]> {
  let told = "";
  const screen = { write: (text: string) => (told += text), columns: 100 };
  return [await runProgram(["validate", file, ...flags], { output: screen, errors: screen, env: {} }), told];
}

const VALID = [0, expect.stringContaining("ok")];

describe("examples in YAML", () => {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-examples-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are there", () => {
    expect(EXAMPLES.length).toBeGreaterThan(18);
  });

  it.each(EXAMPLES)("$title is valid", async ({ part }) => {
    const file = join(folder, "whole.yaml");
    writeFileSync(file, JSON.stringify(scenarioOf(part), undefined, 1));
    expect(await validated(file)).toEqual(VALID);
  });
});

/** Of a line, with or without quotes. */
const SET = /--set (?:'([^']+=[^']*)'|"([^"]+=[^"]*)"|([^\s'"(),]+=[^\s'"(),]*))/g;
const setsOf = (line: string) =>
  [...line.matchAll(SET)].map(([, single, double, bare]) => single ?? double ?? bare!);

const SHIPPED = readdirSync("scenarios").filter((name) => name.endsWith(".yaml"));
/** What comments say of their own scenario, and pages of any: a line each, or as many as a backslash makes one. */
const COMMANDS = [
  ...SHIPPED.flatMap((name) => {
    const text = readFileSync(`scenarios/${name}`, "utf8").replaceAll("\\\n#", " ");
    const comments = text.split("\n").filter((line) => line.startsWith("#"));
    return comments.map((line) => ({ name, sets: setsOf(line) }));
  }),
  ...["README.md", ...PAGES].flatMap((page) => {
    const lines = readFileSync(page, "utf8").replaceAll("\\\n", " ").split("\n");
    return lines.flatMap((line) => {
      const name = /^surgefleet .*?scenarios\/([\w-]+\.yaml)/.exec(line)?.[1];
      return name === undefined ? [] : [{ name, sets: setsOf(line) }];
    });
  }),
];
/** But for files that a reader has. */
const SETTINGS = new Map(
  COMMANDS.filter(({ sets }) => sets.length > 0 && !sets.some((set) => /\.trace=/.test(set))).map(
    (command) => [JSON.stringify(command), command] as const,
  ),
);

describe("examples of --set on shipped scenarios", () => {
  it("are there", () => {
    expect(SETTINGS.size).toBeGreaterThan(50);
  });

  it.each([...SETTINGS.values()])("$name with $sets is valid", async ({ name, sets }) => {
    expect(await validated(`scenarios/${name}`, ...sets.flatMap((set) => ["--set", set]))).toEqual(VALID);
  });
});

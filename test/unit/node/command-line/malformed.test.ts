// Bad input through the whole command line: exit code 2, a message that names the place, nothing written, no hang.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { surgefleet } from "./hosted.js";

const VALID = `schemaVersion: 1
name: valid
duration: 2s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: 4, tokensPerSecond: 100 }
paths:
  standard: { model: m, pool: shared, rank: 0 }
traffic:
  calls:
    arrivals: { process: poisson, rate: 5/s }
    input: 10
    output: 20
    mix: { standard: 100% }
`;
const REPLAY = VALID.replace("duration: 2s\n", "").replace(
  /arrivals:.*\n.*input: 10\n.*output: 20/,
  "arrivals: { trace: trace.csv }",
);
const MEBIBYTE = 1024 * 1024;
const LFS_POINTER =
  "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
const swap = (from: string, to: string) => {
  expect(VALID).toContain(from);
  return VALID.replace(from, to);
};

type Files = Readonly<Record<string, string | Uint8Array>>;
/** What is wrong, the files, and what the message must say; the first file is the one that is run. */
type Case = readonly [name: string, files: Files, says: RegExp];
const scenario = (name: string, text: string | Uint8Array, says: RegExp): Case => [
  name,
  { "s.yaml": text },
  says,
];
const trace = (name: string, text: string | Uint8Array, says: RegExp): Case => [
  name,
  { "s.yaml": REPLAY, "trace.csv": text },
  says,
];

const SCENARIOS: readonly Case[] = [
  scenario("an empty file", "", /s\.yaml.*empty/),
  scenario("only a comment", "# nothing\n", /s\.yaml:1:1/),
  scenario("a list", "- 1\n- 2\n", /s\.yaml:1:1/),
  scenario("plain text", "hello world\n", /s\.yaml:1:1/),
  scenario("broken YAML", "pools: {a: [1, 2\n", /s\.yaml:\d+:\d+/),
  scenario("a tab for indentation", "pools:\n\tshared: 1\n", /s\.yaml:2:1/),
  scenario("two documents", `${VALID}---\n${VALID}`, /s\.yaml:17:/),
  scenario("binary", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), /s\.yaml/),
  scenario("not UTF-8", new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a]), /s\.yaml.*UTF-8/),
  scenario("a Git LFS pointer", LFS_POINTER, /s\.yaml.*LFS/),
  scenario(
    "phases without duration",
    swap("rate: 5/s", "phases: [{ arrivalRate: 5 }]"),
    /s\.yaml:13:44.*phases\.0\.duration.*missing key/,
  ),
  scenario(
    "a rate and phases",
    swap("rate: 5/s", "rate: 5/s, phases: [{ duration: 1s, arrivalRate: 5 }]"),
    /s\.yaml:13:15.*not both/,
  ),
  scenario(
    "an unknown workload",
    swap("process: poisson", "workload: agntic"),
    /s\.yaml:13:27.*did you mean "agentic"/,
  ),
  scenario(
    "token counts beside a workload",
    swap("process: poisson", "workload: agentic"),
    /s\.yaml:14:5.*come from the workload.*\n.*s\.yaml:15:5/,
  ),
  scenario(
    "clients that leave some accounts over",
    `${VALID}    client: [{ share: 50%, preset: naive }]\n`,
    /s\.yaml:17:13.*sum to 50%/,
  ),
  scenario(
    "a stack and a preset",
    `${VALID}    client: { preset: naive, stack: [none] }\n`,
    /s\.yaml:17:13.*"preset" or a "stack"/,
  ),
  scenario("a fallback to nowhere", `${VALID}    fallback: [far]\n`, /s\.yaml:17:16.*no path "far"/),
  scenario(
    "a fallback on what cannot be read",
    `${VALID}    fallback: [{ path: standard, on: [shed] }]\n`,
    /s\.yaml:17:39.*"shed" is not rate_limited, overloaded, unavailable or timed_out/,
  ),
  scenario(
    "a fallback to nowhere, on a cause",
    `${VALID}    fallback: [{ path: far, on: [overloaded] }]\n`,
    /s\.yaml:17:24.*no path "far"/,
  ),
  scenario(
    "an unknown provider",
    `${VALID}provider: antropic\n`,
    /s\.yaml:17:11.*antropic.*did you mean "anthropic"/,
  ),
  scenario(
    "an answer to no cause, and one with a status that no refusal has",
    `${VALID}provider: { preset: groq, answers: { overlooded: 503, outage: 200 } }\n`,
    /s\.yaml:17:38.*did you mean "overloaded".*\n.*s\.yaml:17:63.*408, 429, 498.*got 200/,
  ),
  scenario(
    "a code that is no word",
    `${VALID}provider: { answers: { outage: { code: "no way" } } }\n`,
    /s\.yaml:17:40.*"no way" is not a word/,
  ),
  scenario("a duplicate key", swap("  calls:\n", "  calls: {}\n  calls:\n"), /s\.yaml:13:3/),
  scenario("an unknown key", swap("    replicas: 1", "    replcas: 1"), /s\.yaml:7:5.*replcas.*replicas/),
  scenario("an unknown top key", `${VALID}trafic: {}\n`, /s\.yaml:17:1.*trafic.*traffic/),
  scenario("a missing key", swap("    replicas: 1\n", ""), /s\.yaml:6:3.*replicas/),
  scenario("no schema version", swap("schemaVersion: 1\n", ""), /schemaVersion/),
  scenario("a future version", swap("schemaVersion: 1", "schemaVersion: 2"), /s\.yaml:1:16/),
  scenario("a bad name", swap("name: valid", "name: ../../etc"), /s\.yaml:2:7/),
  scenario("a wrong duration unit", swap("duration: 2s", "duration: 2 parsecs"), /s\.yaml:3:11/),
  scenario("a negative duration", swap("duration: 2s", "duration: -2s"), /s\.yaml:3:11/),
  scenario("a zero duration", swap("duration: 2s", "duration: 0s"), /s\.yaml:3:11/),
  scenario("a duration of ages", swap("duration: 2s", "duration: 99999999d"), /s\.yaml:3:11/),
  scenario("a duration of NaN", swap("duration: 2s", "duration: .nan"), /s\.yaml:3:11/),
  scenario("an infinite duration", swap("duration: 2s", "duration: .inf"), /s\.yaml:3:11/),
  scenario("no duration", swap("duration: 2s\n", ""), /duration/),
  scenario("a warm-up beyond the end", swap("duration: 2s", "duration: 2s\nwarmup: 3s"), /s\.yaml:4:9/),
  scenario("zero replicas", swap("replicas: 1", "replicas: 0"), /s\.yaml:7:15/),
  scenario("half a replica", swap("replicas: 1", "replicas: 1.5"), /s\.yaml:7:15/),
  scenario("more GPUs than there are", swap("replicas: 1", "replicas: 9"), /gpus|GPUs/),
  scenario("an unknown engine", swap("engine: slots", "engine: slot"), /s\.yaml:8:/),
  scenario(
    "an unknown policy",
    swap("    replicas: 1", "    admission: {policy: trunk}\n    replicas: 1"),
    /s\.yaml:7:.*trunk/,
  ),
  scenario("an unknown pool", swap("pool: shared", "pool: shred"), /s\.yaml:10:.*shred.*shared/),
  scenario(
    "an unknown path in the mix",
    swap("standard: 100%", "standrd: 100%"),
    /s\.yaml:16:.*standrd.*standard/,
  ),
  scenario("shares that do not sum to one", swap("100%", "90%"), /s\.yaml:16:/),
  scenario("a share above one", swap("100%", "140%"), /s\.yaml:16:/),
  scenario("a negative rate", swap("5/s", "-5/s"), /s\.yaml:13:/),
  scenario("a rate per fortnight", swap("5/s", "5/fortnight"), /s\.yaml:13:/),
  scenario("a huge rate", swap("5/s", "1e300/s"), /s\.yaml:13:/),
  scenario(
    "lengths of no known kind",
    swap("input: 10", "input: {dist: lognormall, median: 1, sigma: 1}"),
    /s\.yaml:14:.*lognormal/,
  ),
  scenario("a negative length", swap("input: 10", "input: -10"), /s\.yaml:14:12/),
  scenario("an unknown client", `${VALID}    client: openai\n`, /s\.yaml:17:.*openai/),
  scenario(
    "an unknown metric",
    `${VALID}thresholds: {"overloded_rate": ["rate<1%"]}\n`,
    /s\.yaml:17:.*overloaded_rate/,
  ),
  scenario("an unknown tier", `${VALID}thresholds: {"ttft{tier:prio}": ["p(99)<1s"]}\n`, /s\.yaml:17:.*prio/),
  scenario("a threshold that is none", `${VALID}thresholds: {"ttft": ["avg=123"]}\n`, /s\.yaml:17:.*avg=123/),
  scenario("a key of the prototype", `${VALID}__proto__: {polluted: true}\n`, /s\.yaml:17:1/),
  scenario("a billion laughs", laughs(), /s\.yaml/),
  ["a base that is not there", { "s.yaml": `extends: ./none.yaml\n${VALID}` }, /s\.yaml:1:10.*none\.yaml/],
  ["a base of itself", { "s.yaml": `extends: ./s.yaml\n${VALID}` }, /s\.yaml:1:10.*s\.yaml/],
  [
    "a circle of bases",
    { "s.yaml": "extends: ./t.yaml\n", "t.yaml": "extends: ./s.yaml\n" },
    /[st]\.yaml:1:10/,
  ],
  ["a trace that is not there", { "s.yaml": REPLAY }, /trace\.csv/],
];

const AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const GENERIC = "timestamp,input_tokens,output_tokens\n";
const TRACES: readonly Case[] = [
  trace("an empty trace", "", /trace\.csv.*empty/),
  trace("a header alone", AZURE, /trace\.csv.*no rows/),
  trace("an unknown header", "a,b,c\n1,2,3\n", /trace\.csv:1/),
  trace("a misspelt column", "timestamp,input_tokens,output_token\n1,2,3\n", /trace\.csv:1:.*output_tokens/),
  trace("a Git LFS pointer", LFS_POINTER, /trace\.csv.*LFS/),
  trace("a gzip", new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), /trace\.csv.*cut off/),
  trace("binary", new Uint8Array([0x41, 0, 0x42, 10]), /trace\.csv/),
  trace("not UTF-8", new Uint8Array([0x41, 0xff, 0xfe, 10]), /trace\.csv.*UTF-8/),
  trace("a bad date", `${AZURE}2023-02-30 00:00:00.0,1,1\n`, /trace\.csv:2:1/),
  trace("text for tokens", `${AZURE}2023-02-03 00:00:00.0,many,1\n`, /trace\.csv:2:\d+.*ContextTokens/),
  trace("half a token", `${GENERIC}0,1.5,1\n`, /trace\.csv:2:3/),
  trace("no output", `${GENERIC}0,1,0\n`, /trace\.csv:2:5/),
  trace("a negative time", `${GENERIC}-1,1,1\n`, /trace\.csv:2:1/),
  trace("NaN for a time", `${GENERIC}NaN,1,1\n`, /trace\.csv:2:1/),
  trace("time that runs back", `${GENERIC}5,1,1\n4,1,1\n`, /trace\.csv:3:1.*2/),
  trace("too few fields", `${GENERIC}5,1\n`, /trace\.csv:2/),
  trace("too many fields", `${GENERIC}5,1,1,1\n`, /trace\.csv:2/),
  trace("a hole in the middle", `${GENERIC}5,1,1\n\n6,1,1\n`, /trace\.csv:3/),
  trace(
    "a bad row after ten thousand good ones",
    `${GENERIC}${"1,1,1\n".repeat(10_000)}1,1,x\n`,
    /trace\.csv:10002:5/,
  ),
];

function laughs(): string {
  const levels = Array.from({ length: 30 }, (_, level) => {
    const source = level === 0 ? "ha" : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array(9).fill(source).join(", ")}]`;
  });
  return `${levels.join("\n")}\n`;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-malformed-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without a folder nothing is written, and no trace is hashed before it is read. */
async function run(
  path: string,
  out?: string,
): Promise<{ code: number | null; told: string; printed: string }> {
  const words = ["run", path, ...(out === undefined ? ["--no-out"] : ["--out", out])];
  const { code, stdout: printed, stderr: told } = await surgefleet(words, { cwd: folder });
  return { code, told, printed };
}

describe.each([
  ...SCENARIOS.map((c) => ["scenario", ...c] as const),
  ...TRACES.map((c) => ["trace", ...c] as const),
])("malformed %s", (_, name, files, says) => {
  test(name, async () => {
    const own = mkdtempSync(join(folder, "case-"));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(own, file), content);
    const { code, told, printed } = await run(join(own, "s.yaml"), join(own, "out"));
    expect({ code, printed }).toEqual({ code: 2, printed: "" });
    expect(told).toMatch(says);
    expect(existsSync(join(own, "out"))).toBe(false);
  });
});

test("there are at least forty of them, and the model they deviate from is valid", async () => {
  expect(SCENARIOS.length + TRACES.length).toBeGreaterThanOrEqual(40);
  writeFileSync(join(folder, "valid.yaml"), VALID);
  const { code } = await run(join(folder, "valid.yaml"), join(folder, "valid"));
  expect(code).toBe(0);
});

test.each([
  ["s.yaml", 8],
  ["trace.csv", 72],
])("a line of a gigabyte in %s is refused without reading it", async (file, written) => {
  const own = mkdtempSync(join(folder, "gigabyte-"));
  writeFileSync(join(own, "s.yaml"), REPLAY);
  const descriptor = openSync(join(own, file), "w");
  // More than is ever read at once; the rest is there without being written.
  writeSync(descriptor, Buffer.alloc(written * MEBIBYTE, "9"));
  ftruncateSync(descriptor, 1024 * MEBIBYTE);
  closeSync(descriptor);
  const before = process.memoryUsage().rss;
  const { code, told } = await run(join(own, "s.yaml"));
  expect(code).toBe(2);
  expect(told).toMatch(file);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEBIBYTE);
  rmSync(join(own, file));
});

test.each(["a folder", "nothing"])("%s instead of a scenario", async (what) => {
  const path = what === "a folder" ? folder : join(folder, "nowhere.yaml");
  const { code, told } = await run(path, join(folder, "never"));
  expect(code).toBe(2);
  expect(told).toContain(path);
  expect(existsSync(join(folder, "never"))).toBe(false);
});

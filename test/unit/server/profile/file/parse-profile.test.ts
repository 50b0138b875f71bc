import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../../src/core/base/errors.js";
import { parseProfile } from "../../../../../src/core/server/profile/file/parse-profile.js";
import { profileFileByName } from "../../../../../src/core/server/profile/registry.js";
import { load, withLine } from "../../../scenario/scenarios.js";
import { MEASURED, ROOFLINE, TABLE } from "../files.js";

/** What is wrong with a profile, as a reader sees it. */
function complaints(profile: unknown): string[] {
  const text = typeof profile === "string" ? profile : JSON.stringify(profile, undefined, 2);
  try {
    parseProfile(text, "p.json");
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    expect(error.code).toBe("INVALID_PROFILE");
    return error.message.split("\n").slice(1);
  }
  return [];
}

/** The one complaint of a profile, without its place. */
function complaint(profile: unknown): string {
  const all = complaints(profile);
  expect(all).toHaveLength(1);
  return all[0]!.replace(/^p\.json:\d+:\d+ /, "");
}

const { gpu } = MEASURED;
const model = profileFileByName("llama-3.1-8b-h200");

describe("parseProfile", () => {
  it.each([MEASURED, TABLE, ROOFLINE])("reads every kind", (file) => {
    expect(parseProfile(JSON.stringify(file), "p.json")).toEqual(file);
  });

  it("reads YAML too", () => {
    const text =
      "{schemaVersion: 1, kind: roofline, name: a, source: b, estimate: true, model: llama-3.1-8b, gpu: h200}";
    expect(parseProfile(text, "p.yaml")).toMatchObject({ model: "llama-3.1-8b" });
  });

  it("tells all problems at once, each at its line and column", () => {
    const text = `{
  "schemaVersion": 2,
  "kind": "measured", "name": "x", "sorce": "y", "estimate": "no",
  "gpu": {
    "weights": { "constant": 6270, "perRow": 8.12 },
    "compute": { "constant": 1.7, "perRow": 0.02 },
    "perContextToken": 4.4e-5, "perPriorToken": 0.0007
  },
  "rows": { "decode": [1, 2, 2, 8] }
}`;
    expect(complaints(text)).toEqual([
      "p.json:2:20 schemaVersion: schemaVersion 2 is not known here: write 1",
      'p.json:3:36 sorce: unknown key "sorce" (did you mean "source"?)',
      'p.json:3:62 estimate: expected true or false, got "no"',
      'p.json:4:3 gpu.perArea: missing key "perArea"',
      "p.json:5:30 gpu.weights.constant: 6270 ms is not plausible here: it must be from 0.05 to 500; if it is in microseconds, write 6.27",
      "p.json:5:46 gpu.weights.perRow: 8.12 ms is not plausible here: it must be from 0 to 1; if it is in microseconds, write 0.00812",
      "p.json:9:30 rows.decode.2: 2 after 2: the list must rise",
    ]);
  });

  it.each([
    ["", "the file is empty"],
    ["hello", "a profile is a map of keys"],
    ['{"a": ', "this is not valid YAML: Flow map must end with a }"],
    [
      { ...MEASURED, kind: "mesured" },
      'kind: "mesured" is not measured, table or roofline (did you mean "measured"?)',
    ],
    [{ ...MEASURED, name: "No Name" }, /^name: "No Name" is not a name/],
    ["version https://git-lfs.github.com/spec/v1", /this is a Git LFS pointer/],
  ])("refuses what is no profile: %j", (profile, message) => {
    expect(complaint(profile)).toMatch(message);
  });
});

describe("units", () => {
  it.each([
    [
      { ...MEASURED, gpu: { ...gpu, weights: { constant: 0.00627, perRow: 0 } } },
      "if it is in seconds, write 6.27",
    ],
    [{ ...MEASURED, gpu: { ...gpu, perContextToken: 0.0448 } }, "if it is in microseconds, write 0.0000448"],
    [
      { ...MEASURED, gpu: { ...gpu, perArea: -1 } },
      "-1 ms is not plausible here: it must be from 0 to 0.001",
    ],
    [
      { ...MEASURED, host: { step: 102, prefill: 0, perSequence: 0 } },
      "if it is in microseconds, write 0.102",
    ],
    [{ ...ROOFLINE, gpu: { ...Object(ROOFLINE.gpu), bandwidth: 3350 } }, "if it is in GB/s, write 3.35"],
    [{ ...ROOFLINE, gpu: { ...Object(ROOFLINE.gpu), memory: 81_920 } }, "if it is in MiB, write 80"],
    [
      { ...ROOFLINE, gpu: { ...Object(ROOFLINE.gpu), flops: { bf16: 0.989 } } },
      "if it is in PFLOP/s, write 989",
    ],
    [{ ...MEASURED, gpu: { ...gpu, perArea: "1us" } }, 'expected a number of ms, got "1us"'],
  ])("that cannot be meant are refused, with what was meant", (profile, message) => {
    expect(complaint(profile)).toContain(message);
  });
});

describe("measured", () => {
  it.each([
    [
      { experts: { all: 20, count: 8, active: 9 } },
      "gpu.experts.active: a token cannot be sent to more experts",
    ],
    [
      { curves: { mixed: { rows: [64, 128], ms: [5] } } },
      "gpu.curves.mixed.ms: there must be as many times as rows",
    ],
    [
      { curves: { mixed: { rows: [64], ms: [5] } } },
      "gpu.curves.mixed.rows: too few: it must have at least 2",
    ],
    [{ boost: { share: 10, memoryMs: 30 } }, "gpu.boost.share: 10 is out of range: it must be from 0 to 0.5"],
  ])("%j is wrong", (wrong, message) => {
    expect(complaint({ ...MEASURED, gpu: { ...gpu, ...wrong } })).toContain(message);
  });

  it("names a missing regime", () => {
    const { perPriorToken: _, ...less } = gpu;
    expect(complaint({ ...MEASURED, gpu: less })).toBe('gpu.perPriorToken: missing key "perPriorToken"');
  });
});

describe("table", () => {
  const { decode, prefill, ...head } = TABLE;

  it.each([
    ["decode", decode.slice(0, 2), "decode: too few points: decode needs two different numbers of sequences"],
    [
      "decode",
      [decode[0], decode[2]],
      "decode: too few points: decode needs two different contexts of one number",
    ],
    ["decode", [...decode, decode[1]], "decode.4: 1 sequences of 3000 tokens is there twice"],
    ["prefill", prefill.slice(0, 1), "prefill: too few points: prefill needs two different chunks"],
    [
      "prefill",
      [...prefill, { tokens: 500, prior: 0, ms: 7 }],
      "7 ms for 500 tokens after 0 is less than the 10 ms",
    ],
    [
      "decode",
      [...decode, { sequences: 20, context: 3, ms: 9 }],
      "decode.4.context: context is the sum over all",
    ],
    ["prefill", [...prefill, { tokens: 50, prior: 0, ms: -7 }], "prefill.3.ms: -7 ms is not plausible here"],
  ])("%s that is too small or does not rise is refused", (key, points, message) => {
    expect(complaint({ ...head, decode, prefill, [key]: points })).toContain(message);
  });

  it("takes a little scatter for what it is", () => {
    expect(complaints({ ...TABLE, prefill: [...prefill, { tokens: 500, prior: 0, ms: 9.6 }] })).toEqual([]);
  });

  it("needs prefill as well as decode", () => {
    expect(complaint({ ...head, decode })).toBe('prefill: missing key "prefill"');
  });
});

describe("roofline", () => {
  it.each([
    [{ model: "llama-3.1-9b" }, /^model: "llama-3.1-9b" is not .* \(did you mean "llama-3.1-8b"\?\)$/],
    [{ gpu: "h2000" }, /^gpu: "h2000" is not .* \(did you mean "h200"\?\)$/],
    [{ estimate: false }, "estimate: a roofline is an estimate: write true"],
    [{ efficiency: { bandwith: 0.8 } }, 'unknown key "bandwith" (did you mean "bandwidth"?)'],
    [{ gpus: 0 }, "gpus: 0 is out of range"],
    [
      { speculative: { tokens: 3, acceptance: 1.7, draft: { layers: 1 } } },
      "speculative.acceptance: 1.7 is out of",
    ],
    [{ model: { ...Object(ROOFLINE.model), intermediate: undefined } }, 'missing key "intermediate"'],
  ])("%j is wrong", (wrong, message) => {
    expect(complaint({ ...model, ...wrong })).toMatch(message);
  });

  it("needs no more than a model and a GPU", () => {
    const { schemaVersion, name, source, kind, estimate } = model;
    expect(
      complaints({ schemaVersion, name, source, kind, estimate, model: "llama-3.1-8b", gpu: "h200" }),
    ).toEqual([]);
  });
});

describe("a scenario", () => {
  const inline = (profile: unknown) =>
    withLine(
      7,
      `    replica: { engine: batching, maxSequences: 4, kvTokens: 1k, profile: ${JSON.stringify(profile)} }`,
    );

  it("may hold a whole profile", () => {
    const result = load(inline(MEASURED));
    expect(result.ok).toBe(true);
  });

  it("is told what is wrong with one", () => {
    const result = load(inline({ ...MEASURED, gpu: { ...gpu, weights: { constant: 6270, perRow: 0 } } }));
    expect(result.ok ? [] : result.issues.map(({ message }) => message)).toEqual([
      "6270 ms is not plausible here: it must be from 0.05 to 500; if it is in microseconds, write 6.27",
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { SurgefleetError } from "../../../src/core/base/errors.js";
import type { LoadOptions } from "../../../src/core/scenario/load.js";
import { load, loaded, problems, SMALL } from "../scenario/scenarios.js";

type ReadSource = NonNullable<LoadOptions["read"]>;

/** Reads from the given files, as the file system would. */
function from(files: Readonly<Record<string, string>>): { read: ReadSource } {
  const read: ReadSource = (reference) => {
    const text = files[reference];
    if (text === undefined) throw new SurgefleetError("NOT_FOUND", "no such file");
    return { file: reference, text };
  };
  return { read };
}

test("maps merge, scalars and lists replace, null removes", () => {
  const outage = "{ pool: shared, from: 1m, for: 1s }";
  const base = `${SMALL}outages: [${outage}, ${outage}]\nwarmup: 1m\n`;
  const text = `extends: base.yaml
pools: { shared: { replicas: 3 } }
outages: [{ pool: shared, from: 5m, for: 1s }]
warmup: null
`;
  const scenario = loaded(text, from({ "base.yaml": base }));
  expect(scenario.pools["shared"]).toMatchObject({ replicas: 3, replica: { slots: 8 } });
  expect(scenario.outages).toHaveLength(1);
  expect(scenario.warmup).toBe(0);
});

test("a later base goes before an earlier one, and the file before both", () => {
  const files = from({ one: SMALL, two: "seed: two\nwarmup: 2s\n" });
  const scenario = loaded("extends: [one, two]\nseed: own\n", files);
  expect(scenario).toMatchObject({ seed: "own", warmup: 2e6, duration: 600e6 });
});

test("a base lends neither its name nor its description", () => {
  const scenario = loaded("extends: base", from({ base: `${SMALL}name: base\ndescription: text\n` }));
  expect(scenario.name).toBe("small");
  expect(scenario).not.toHaveProperty("description");
  expect(scenario).not.toHaveProperty("extends");
});

test("positions follow the file where the value was written", () => {
  const files = from({ base: `${SMALL}warmup: 20m\n` });
  expect(problems("extends: base\nduration: 5x\nseed: [1]\n", files)).toEqual([
    expect.stringMatching(/^small.yaml:2:11 duration: "5x" is not a duration/),
    expect.stringMatching(/^small.yaml:3:7 seed: a list is not a seed/),
  ]);
  expect(problems("extends: base\nduration: 5m\n", files)).toEqual([
    "base:17:9 warmup: warmup must be shorter than duration (5m)",
  ]);
  const result = load("extends: base\nwarmup: 1s\n", files);
  expect(result.ok && result.place(["warmup"])).toEqual({ file: "small.yaml", line: 2, column: 9 });
  expect(result.ok && result.place(["duration"])).toEqual({ file: "base", line: 2, column: 11 });
});

test("a key that a base brought in can be told apart", () => {
  const text =
    "extends: base\npools: { shared: { replica: { engine: batching, profile: llama-3.1-8b-h100 } } }\n";
  expect(problems(text, from({ base: SMALL }))).toContainEqual(
    expect.stringMatching(/^base:7:31 .*unknown key "slots"; it comes from a base: null removes it/),
  );
});

describe("what cannot be extended", () => {
  test.each([
    [
      "a missing file",
      "# note\nextends: gone",
      'small.yaml:2:10 extends: cannot extend "gone": no such file',
    ],
    ["one of a list", "extends: [base, gone]", 'small.yaml:1:17 extends: cannot extend "gone": no such file'],
    [
      "an unknown preset",
      "extends: preset:shared-flet",
      'small.yaml:1:10 extends: cannot extend "preset:shared-flet": no preset is named "shared-flet"' +
        '; did you mean "shared-fleet"?',
    ],
    ["a circle", "extends: loop", "loop:1:10 extends: extends goes in a circle: small.yaml -> loop -> loop"],
    [
      "a longer circle",
      "extends: ping",
      "pong:1:10 extends: extends goes in a circle: small.yaml -> ping -> pong -> ping",
    ],
    [
      "a base that is no map",
      "extends: flat",
      "flat:1:1 a scenario is a map of keys, like `schemaVersion: 1`",
    ],
    ["an empty base", "extends: empty", "empty:1:1 the file is empty"],
  ])("%s", (_, text, problem) => {
    const files = from({
      base: SMALL,
      loop: "extends: loop",
      ping: "extends: pong",
      pong: "extends: ping",
      flat: "- 1",
      empty: "",
    });
    expect(problems(text, files)).toEqual([problem]);
  });

  test("a chain of more than 16 files", () => {
    const read: ReadSource = (reference) => ({
      file: reference,
      text: `extends: "${Number(reference) + 1}"`,
    });
    expect(problems('extends: "1"', { read })).toEqual([
      "16:1:10 extends: more than 16 files extend one another",
    ]);
  });

  test("a tree of very many bases, quickly", () => {
    const read: ReadSource = (reference) => ({
      file: reference,
      text: `extends: [${reference}a, ${reference}b]`,
    });
    expect(problems("extends: [a, b]", { read })).toContainEqual(
      expect.stringMatching(/more than 64 bases in all/),
    );
  });

  test("a file, where only presets can be read", () => {
    expect(problems("extends: base")).toEqual([
      'small.yaml:1:10 extends: cannot extend "base": files cannot be read here, only presets',
    ]);
  });

  test("what is not a name, together with other mistakes", () => {
    expect(problems(`${SMALL}extends: 3\nseed: {}\n`)).toEqual([
      expect.stringMatching(
        /^small.yaml:17:10 extends: expected a file, "preset:NAME", or a list of them, got 3/,
      ),
      expect.stringMatching(/^small.yaml:18:7 seed: a map is not a seed/),
    ]);
  });

  test("only our own errors are turned into issues", () => {
    const read: ReadSource = () => {
      throw new TypeError("a bug");
    };
    expect(() => load("extends: base", { read })).toThrow(TypeError);
  });
});

test("every preset is a fleet that only lacks traffic", () => {
  const traffic = SMALL.slice(SMALL.indexOf("traffic:"));
  const scenario = loaded(`extends: preset:shared-fleet\nduration: 1m\n${traffic}`);
  expect(Object.keys(scenario.pools)).toEqual(["shared", "fast"]);
  expect(scenario.paths["priority"]?.price).toEqual({ input: 0.3, cached: 0.15, output: 0.3 });
});

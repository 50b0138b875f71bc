import { describe, expect, it, test } from "vitest";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import { load, loaded, problems, SMALL } from "../scenario/scenarios.js";

/** One override per flag text, each named by its flag. */
const set = (...flags: string[]) => ({
  overrides: flags.map((flag) => {
    const [path = "", ...value] = flag.split("=");
    return { path, value: value.join("="), origin: `--set ${path}` };
  }),
});

test("an override is checked and read like the file", () => {
  const scenario = loaded(SMALL, set("pools.shared.replicas=3", "duration=20m", "seed=abc"));
  expect(scenario).toMatchObject({ duration: 1200e6, seed: "abc", pools: { shared: { replicas: 3 } } });
});

test("a later override wins, and a part of an earlier one can be changed", () => {
  const scenario = loaded(
    SMALL,
    set("warmup=1s", "warmup=2s", "outages=[{pool: shared, from: 0, for: 1s}]", "outages.0.for=3s"),
  );
  expect(scenario.warmup).toBe(2e6);
  expect(scenario.outages).toEqual([{ pool: "shared", from: 0, for: 3e6 }]);
});

test("the position behind the last one of a list adds to it", () => {
  const one = "{pool: shared, from: 0, for: 1s}";
  const scenario = loaded(SMALL, set(`outages=[${one}]`, `outages.1=${one}`, "outages.1.for=3s"));
  expect(scenario.outages.map((outage) => outage.for)).toEqual([1e6, 3e6]);
});

test("maps on the way are made, and null removes", () => {
  const scenario = loaded(
    SMALL,
    set("limits.requests=10/s", "paths.priority=null", "traffic.agents.mix={standard: 1}"),
  );
  expect(scenario.limits?.requests).toMatchObject({ rate: 10 });
  expect(Object.keys(scenario.paths)).toEqual(["standard"]);
});

test.each([
  ["name=x", "x"],
  ['name="x"', "x"],
  ["name=1", "1"],
])("%s is one YAML scalar", (flag, name) => {
  expect(loaded(SMALL, set(flag)).name).toBe(name);
});

/** What YAML makes something else of. */
const TEXTS = [
  "0123",
  "1e3",
  "1.50",
  "0x1f",
  "0o17",
  "true",
  "null",
  "~",
  "2026-12-01",
  "-0",
  ".5",
  ".nan",
  "+1",
];

/** Every key of a small scenario that holds text, and where that text is found in what is read. */
const TEXT_KEYS: readonly (readonly [path: string, read: (scenario: Scenario) => unknown])[] = [
  ["seed", ({ seed }) => seed],
  ["description", ({ description }) => description],
  ["paths.standard.model", ({ paths }) => paths["standard"]?.model],
  ["paths.priority.serviceTier", ({ paths }) => paths["priority"]?.serviceTier],
];

describe.each(TEXT_KEYS)("%s keeps what is written", (path, read) => {
  it.each(TEXTS)("%s", (text) => {
    const result = load(SMALL, set(`${path}=${text}`));
    // What is no name is refused, as it is in quotes: see below.
    if (result.ok) expect(read(result.scenario)).toBe(text);
  });
});

test("text keys take any text that they take in quotes", () => {
  const differ = TEXT_KEYS.flatMap(([path]) =>
    TEXTS.filter(
      (text) => load(SMALL, set(`${path}=${text}`)).ok !== load(SMALL, set(`${path}="${text}"`)).ok,
    ),
  );
  expect(differ).toEqual([]);
});

test("numbers, switches and what is removed are read as before", () => {
  const changes = set(
    "pools.shared.replicas=03",
    "duration=1e3",
    "drain=true",
    "paths.priority=null",
    "seed=12 # so",
  );
  const scenario = loaded(SMALL.replace("90%, priority: 10%", "100%"), changes);
  expect(scenario).toMatchObject({
    duration: 1e9,
    drain: true,
    seed: "12",
    pools: { shared: { replicas: 3 } },
  });
  expect(Object.keys(scenario.paths)).toEqual(["standard"]);
});

test.each(["a: b", "- x", "*x", "!tag x", "a # b"])(
  "text that YAML would read as more stays text: %s",
  (text) => {
    expect(loaded(SMALL, set(`description=${text}`)).description).toBe(text === "a # b" ? "a" : text);
  },
);

test("an override changes the document but no shared branch", () => {
  const text = SMALL.replace("input: 800", "input: &l { dist: exponential, mean: 8 }").replace(
    "output: 200",
    "output: *l",
  );
  const source = loaded(text, set("traffic.agents.output.mean=9")).traffic["agents"];
  expect(source).toMatchObject({ input: { mean: 8 }, output: { mean: 9 } });
});

test.each([
  [
    "pools.shared.replicas=many",
    /^--set pools.shared.replicas pools.shared.replicas: "many" is not a whole number/,
  ],
  [
    "pools.shared.replcas=3",
    /^--set pools.shared.replcas pools.shared.replcas: unknown key "replcas" \(did you mean "replicas"/,
  ],
  ["pools.shared.replicas.x=3", /^--set pools.shared.replicas.x .*"pools.shared.replicas" is 4, not a map/],
  ["outages.0.for=3s", /^--set outages.0.for outages: expected a list, got a map/],
  ["pools..x=3", /^--set pools..x .*"pools..x" is not a path/],
  ["=3", /^--set .*"" is not a path/],
  ["extends=preset:shared-fleet", /^--set extends extends: bases are part of the file/],
  ["pools.__proto__.x=3", /^--set pools.__proto__.x .*unknown key "__proto__"/],
  ["pools={a: 1", /^--set pools pools: this is not valid YAML/],
  ["duration=null", /^small.yaml:1:1 duration: missing key "duration"/],
  ["limits=null", /^--set limits limits: has no value/],
])("a wrong override names its flag: %s", (flag, problem) => {
  expect(problems(SMALL, set(flag))[0]).toMatch(problem);
});

test("a position that a list does not have", () => {
  const text = `${SMALL}outages: [{ pool: shared, from: 0, for: 1s }]\n`;
  expect(problems(text, set("outages.1.for=1s", "outages.x.for=1s"))).toEqual([
    '--set outages.1.for outages.1.for: "outages" is a list of 1 without a "1"',
    '--set outages.x.for outages.x.for: "outages" is a list of 1 without a "x"',
  ]);
});

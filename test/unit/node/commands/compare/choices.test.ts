// What is named in place of a scenario's own policy, limit or queue rule: how it is read, and what it changes.
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../../../src/core/index.js";
import {
  type Choice,
  type ChoiceFlag,
  choiceOverrides,
  choicesOf,
  sideName,
} from "../../../../../src/node/commands/compare/choices.js";
import { SMALL } from "../../run/small-scenario.js";

const read = (text: string, flag: ChoiceFlag = "policies") => choicesOf(flag)(text);
const one = (text: string, flag: ChoiceFlag = "policies") => read(text, flag)[0]!;

/** As the scenario has it after the overrides. */
function poolWith(choice: Choice, pools: Readonly<Record<string, object>>, pool?: string) {
  const text = JSON.stringify({ pools });
  const overrides = choiceOverrides(choice, JSON.parse(text), pool).map((override) => {
    const [path = "", value = ""] = override.split(/=(.*)/s);
    return { path, value, origin: "--policies" };
  });
  const loaded = loadScenario({ file: "small.yaml", text: SMALL }, { overrides });
  return { overrides, loaded };
}

describe("names of policies", () => {
  it("stand in a list, with options, and may be given again", () => {
    const first = read("tail-drop, saturation;queueDepth=8; kvShare=70%");
    expect(first.map(({ name, options }) => [name, options])).toEqual([
      ["tail-drop", []],
      ["saturation", ["queueDepth=8", "kvShare=70%"]],
    ]);
    expect(choicesOf("policies")("none", first).map(({ text }) => text)).toEqual([
      "tail-drop",
      "saturation;queueDepth=8;kvShare=70%",
      "none",
    ]);
  });

  it("are parted by no comma or semicolon in brackets", () => {
    expect(one("saturation;sheddable=[a,b]").options).toEqual(["sheddable=[a,b]"]);
    expect(one("trunk-reservation;reserve={a: 1%, b: 2%}").options).toEqual(["reserve={a: 1%, b: 2%}"]);
  });

  it.each([
    ["tail-dorp", 'no admission policy is named "tail-dorp"; did you mean "tail-drop"?'],
    ["tail-drop,tail-drop", '"tail-drop" is there twice'],
    ["tail-drop,,none", "a name of an admission policy is missing"],
    ["", "a name of an admission policy is missing"],
    ["tail-drop;maxQueue", '"maxQueue" in "tail-drop;maxQueue" is no option: write key=value'],
    ["aimd", "no admission policy is named"],
  ])("refuses %j", (text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });

  it("refuses one that another list of the flag has", () => {
    expect(() => choicesOf("rules")("vtc", read("fifo,vtc", "rules"))).toThrow('"vtc" is there twice');
  });

  it.each(["./mine.ts", "../mine.ts", "/home/me/mine.ts"])("passes %s on, a module of one's own", (path) => {
    expect(choiceOverrides(one(path), { pools: { shared: {} } }, undefined)).toEqual([
      `pools.shared.admission={"policy":"${path}"}`,
    ]);
  });

  it("are names of sides, and those of limits and rules say of which kind they are", () => {
    expect([one("none"), one("none", "limits"), one("vtc", "rules")].map(sideName)).toEqual([
      "none",
      "limit none",
      "rule vtc",
    ]);
  });
});

describe("what a name changes", () => {
  const TAIL_DROP = { policy: "tail-drop", maxQueue: 7, queueTimeout: "3s", displaceLower: false };

  it("is the policy of every pool, or of one", () => {
    const pools = { pools: { shared: {}, fast: {} } };
    expect(choiceOverrides(one("none"), pools, undefined)).toEqual([
      'pools.shared.admission={"policy":"none"}',
      'pools.fast.admission={"policy":"none"}',
    ]);
    expect(choiceOverrides(one("none"), pools, "fast")).toHaveLength(1);
    expect(() => choiceOverrides(one("none"), pools, "fats")).toThrow(
      '--pool fats: the scenario has no such pool; did you mean "fast"?',
    );
  });

  it("keeps the bounds of the queue, which policies share, and nothing else of another policy", () => {
    const written = { ...TAIL_DROP, policy: "saturation", queueDepth: 3, sheddable: ["standard"] };
    const { loaded } = poolWith(one("trunk-reservation"), { shared: { admission: written } });
    expect(loaded.ok && loaded.scenario.pools["shared"]!.admission).toMatchObject({
      policy: "trunk-reservation",
      maxQueue: 7,
      queueTimeout: 3e6,
      displaceLower: false,
    });
  });

  it("keeps all options of the same policy, under those that are named", () => {
    const written = { ...TAIL_DROP, policy: "saturation", queueDepth: 3, kvShare: "60%" };
    const { loaded } = poolWith(one("saturation;queueDepth=9"), { shared: { admission: written } });
    expect(loaded.ok && loaded.scenario.pools["shared"]!.admission).toMatchObject({
      queueDepth: 9,
      kvShare: 0.6,
      maxQueue: 7,
    });
  });

  it("leaves no bound to a policy that has one of its own: none admits everyone", () => {
    const { loaded } = poolWith(one("none"), { shared: { admission: TAIL_DROP } });
    expect(loaded.ok && loaded.scenario.pools["shared"]!.admission).toMatchObject({ maxQueue: "unlimited" });
  });

  it("is a limit or a queue rule likewise, whether the scenario has a name there, a map or nothing", () => {
    const limit = { limit: "aimd", initial: 30, least: 10, most: 50 };
    const { loaded } = poolWith(one("aimd;most=60", "limits"), { shared: { concurrency: limit } });
    expect(loaded.ok && loaded.scenario.pools["shared"]!.concurrency).toMatchObject({
      initial: 30,
      most: 60,
    });
    for (const discipline of ["fifo", { rule: "fifo" }, undefined]) {
      const vtc = poolWith(one("vtc;inputWeight=3", "rules"), { shared: { discipline } });
      expect(vtc.loaded.ok && vtc.loaded.scenario.pools["shared"]!.discipline).toMatchObject({
        rule: "vtc",
        inputWeight: 3,
      });
    }
  });
});

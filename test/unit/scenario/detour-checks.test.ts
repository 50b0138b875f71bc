import { describe, expect, it } from "vitest";
import { checkDetours, servedIn } from "../../../src/core/scenario/detour-checks.js";

const POOLS = { shared: {}, other: {} };

function problems(instead: unknown): string[] {
  const found: string[] = [];
  const paths = { standard: { pool: "shared", instead }, priority: { pool: "shared" } };
  checkDetours({ paths, pools: POOLS }, (at, message, more) => {
    found.push(`${at.join(".")}: ${message}${more?.hint === undefined ? "" : ` (${more.hint})`}`);
  });
  return found;
}

describe("detours", () => {
  it("lead to what is there, and somewhere else", () => {
    expect(problems([{ demote: "priority" }, { spill: "other", on: ["overload", "outage"] }])).toEqual([]);
    expect(problems([{ demote: "priorty" }, { spill: "othr" }])).toEqual([
      'paths.standard.instead.0.demote: there is no path "priorty" (did you mean "priority"?)',
      'paths.standard.instead.1.spill: there is no pool "othr" (did you mean "other"?)',
    ]);
    expect(problems([{ demote: "standard" }, { spill: "shared" }])).toEqual([
      'paths.standard.instead.0.demote: "standard" is its own path',
      'paths.standard.instead.1.spill: "shared" is its own pool',
    ]);
  });

  it("stand there once, and so do their causes", () => {
    expect(problems([{ spill: "other" }, { spill: "other", on: ["outage", "outage"] }])).toEqual([
      "paths.standard.instead.1: spill other stands here twice",
      'paths.standard.instead.1.on.1: "outage" stands here twice',
    ]);
  });

  it("make a pool serve the paths of others", () => {
    const paths = { one: { pool: "a" }, two: { pool: "b", instead: [{ spill: "a" }] }, three: { pool: "b" } };
    expect(servedIn(paths, "a")).toEqual(["one", "two"]);
  });
});

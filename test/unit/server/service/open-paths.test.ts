import { describe, expect, it } from "vitest";
import { REASONS } from "../../../../src/core/base/outcome.js";
import { type Instant, instant, NEVER, START } from "../../../../src/core/base/units.js";
import type { ServedPath } from "../../../../src/core/server/attempts/stated/rows.js";
import { OpenPaths, type PathLife } from "../../../../src/core/server/service/open-paths.js";

const path = (name: string, model: number): ServedPath => ({
  name,
  model,
  path: 0,
  pool: 0,
  rank: 0,
  lane: 0,
  detours: [],
});
const life = (launch: number, retire: number = NEVER): PathLife => ({
  launch: instant(launch),
  retire: instant(retire),
});

/** The old model to 30; the new one from 10, its tier from 20. */
const three = () =>
  new OpenPaths([path("old", 0), path("new", 1), path("tier", 1)], [life(0, 30), life(10), life(20)]);

const ROUTES = [0, 1, 2, -1, -2] as const;
const answers = (open: OpenPaths) =>
  ROUTES.map((route) => open.at(route)?.name ?? REASONS[open.whyNot(route)]!.name);

describe("the paths that are there", () => {
  it("come at their launch and are gone at their retirement, each at that very instant", () => {
    const open = three();
    const nowhere = ["unknown_model", "tier_not_offered"];
    expect(answers(open)).toEqual(["old", "unknown_model", "unknown_model", ...nowhere]);
    const seen = [9, 10, 19, 20, 29, 30, 1000].map((time) => [open.act(instant(time)), ...answers(open)]);
    expect(seen).toEqual([
      [10, "old", "unknown_model", "unknown_model", ...nowhere],
      [20, "old", "new", "tier_not_offered", ...nowhere],
      [20, "old", "new", "tier_not_offered", ...nowhere],
      [30, "old", "new", "tier", ...nowhere],
      [30, "old", "new", "tier", ...nowhere],
      [NEVER, "unknown_model", "new", "tier", ...nowhere],
      [NEVER, "unknown_model", "new", "tier", ...nowhere],
    ]);
  });

  it("may be told of any instant again: what is there depends on the time alone", () => {
    const open = three();
    open.act(instant(1000));
    open.act(instant(15));
    expect(answers(open).slice(0, 3)).toEqual(["old", "new", "tier_not_offered"]);
  });

  it("need no controller where none comes or goes after the start", () => {
    expect(new OpenPaths([path("old", 0)], [life(0)]).change).toBe(false);
    expect(new OpenPaths([path("old", 0)], [life(0, 1)]).change).toBe(true);
    expect(three().change).toBe(true);
  });

  it("live for some time", () => {
    expect(() => new OpenPaths([path("old", 0)], [life(5, 5)])).toThrow("launched before it is retired");
    expect(() => new OpenPaths([path("old", 0)], [])).toThrow("has a life");
    expect(new OpenPaths([path("old", 0)], [life(5, 6)]).act(START)).toBe(5 as Instant);
  });
});

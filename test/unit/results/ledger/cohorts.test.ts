import { describe, expect, it } from "vitest";
import { NONE } from "../../../../src/core/base/none.js";
import { Cohorts } from "../../../../src/core/results/ledger/cohorts.js";

describe("cohorts of callers", () => {
  it.each([
    [["agents"], []],
    [["agents", "chat", "batch"], []],
    [
      ["agents", "chat"],
      ["acme", "agents-1", "chat-1"],
    ],
  ])("of sources %j and tracked accounts %j are numbered once each", (sources, accounts) => {
    const cohorts = new Cohorts(sources, accounts);
    const places = [NONE, ...accounts.keys()];
    const all = sources.flatMap((_, source) => places.map((place) => cohorts.of(source, place)));
    expect([...all].sort((one, other) => one - other)).toEqual([...Array(cohorts.count).keys()]);
  });

  it("tell their source, and their tracked account if they have one", () => {
    const cohorts = new Cohorts(["agents", "chat"], ["acme", "umbrella"]);
    const [sources, tracked] = [cohorts.sourceOfEach(), cohorts.trackedOfEach()];
    for (const source of [0, 1]) {
      for (const place of [NONE, 0, 1]) {
        const cohort = cohorts.of(source, place);
        expect([sources[cohort], tracked[cohort]]).toEqual([source, place]);
      }
    }
  });
});

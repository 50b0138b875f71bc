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

  it("make up a source, and an account wherever it sends", () => {
    const cohorts = new Cohorts(["agents", "chat"], ["acme", "umbrella"]);
    expect(cohorts.ofSource(1)).toEqual([NONE, 0, 1].map((place) => cohorts.of(1, place)));
    expect(cohorts.ofAccount(1)).toEqual([cohorts.of(0, 1), cohorts.of(1, 1)]);
  });
});

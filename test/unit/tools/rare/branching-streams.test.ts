import { describe, expect, it } from "vitest";
import { openStream, type Stream } from "../../../../src/core/random/stream.js";
import { BranchingStreams } from "../../../../src/core/tools/rare/branching-streams.js";

const draws = (stream: Stream, count: number) => Array.from({ length: count }, () => stream.uniform());

describe("streams that branch", () => {
  it("are those of the seed until they branch", () => {
    expect(draws(new BranchingStreams("7").open("mix"), 200)).toEqual(draws(openStream("7", "mix"), 200));
  });

  it("go on from their beginning as those of the branch, wherever they stood", () => {
    for (const drawn of [0, 1, 63, 64, 65, 130]) {
      const streams = new BranchingStreams("7");
      const [one, other] = [streams.open("mix"), streams.open("gaps")];
      draws(one, drawn);
      streams.branch("3");
      expect(draws(one, 100)).toEqual(draws(openStream("7", "mix/branch-3"), 100));
      expect(draws(other, 100)).toEqual(draws(openStream("7", "gaps/branch-3"), 100));
    }
  });

  it("belong to the last branch, those that open later too", () => {
    const streams = new BranchingStreams("7");
    const early = streams.open("mix");
    streams.branch("3");
    draws(early, 10);
    streams.branch("4");
    expect(draws(early, 5)).toEqual(draws(openStream("7", "mix/branch-4"), 5));
    expect(draws(streams.open("late"), 5)).toEqual(draws(openStream("7", "late/branch-4"), 5));
  });
});

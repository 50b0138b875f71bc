import { expect, it } from "vitest";
import { measuresNamed } from "../../../../src/node/flags/metrics.js";

const KNOWN = [{ metric: "ttft{tier:a}" }, { metric: "overloaded_rate{tier:a,per:attempt}" }];

it.each([
  [undefined, [true, true]],
  [["ttft"], [true, false]],
  [
    ["overloaded_rate{tier:a", "ttft"],
    [true, true],
  ],
])("--metric %j means %j", (words, wanted) => {
  expect(KNOWN.map(measuresNamed(words, KNOWN))).toEqual(wanted);
});

it("a word that no measure begins with is refused, with those that there are", () => {
  expect(() => measuresNamed(["ttft", "rate"], KNOWN)).toThrow(
    "--metric rate: no measure begins so; there are ttft, overloaded_rate",
  );
});

import { expect, it } from "vitest";
import { written } from "../../../src/core/document/written.js";

it("writes values as a scenario does, maps and lists within each other", () => {
  expect([7, "5s", true, null].map(written)).toEqual(["7", "5s", "true", "null"]);
  expect(written({ standard: "2%", of: [1, { policy: "codel" }] })).toBe(
    "{standard: 2%, of: [1, {policy: codel}]}",
  );
  expect([written([]), written({})]).toEqual(["[]", "{}"]);
});

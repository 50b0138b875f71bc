import { expect, it } from "vitest";
import { firstLine } from "../../../src/core/text/first-line.js";

it("is what stands before the first end of a line, over chunks", () => {
  expect(firstLine(["a,", "b\r", "\nc"])).toBe("a,b");
  expect(firstLine(["a\nb\n"])).toBe("a");
  expect(firstLine([])).toBe("");
});

it("asks for no more than it needs, and is cut where no line ends", () => {
  let asked = 0;
  function* endless() {
    for (;;) {
      asked++;
      yield "x".repeat(10_000);
    }
  }
  expect(firstLine(endless())).toHaveLength(65_536);
  expect(asked).toBe(7);
});

import { expect, test } from "vitest";
import { FINDING_KINDS } from "../../../src/core/base/finding.js";

test("what is left out is told first, and what nothing serves last", () => {
  expect([FINDING_KINDS[0], FINDING_KINDS.at(-1)]).toEqual(["dropped", "unserved"]);
});

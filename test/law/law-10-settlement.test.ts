// LAW-10: a policy hears of the end of every request that it let in, exactly once, and of nobody else's.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";

test("LAW-10: whoever was let in is settled once", () => {
  expectLaw("LAW-10");
});

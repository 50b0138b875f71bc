// Little's law as an identity of every run: the mean number waiting (or running) in a pool, times the length of the
// measured window, is the time that requests spent waiting (or running) in it. No steady state is needed.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";

test("time averages of the pools are the requests' own times", () => {
  expectLaw("LITTLE");
});

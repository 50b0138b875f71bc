// LAW-1: attempts, requests and tokens are conserved. Whatever arrives ends in exactly one column, and the result
// says of every tier what the events say.
import { test } from "vitest";
import { expectLaw } from "../support/laws.js";
import { cutAndDrained } from "../support/world-changes.js";

test("LAW-1: attempts, requests and tokens of the result are those of the events", () => {
  expectLaw("LAW-1");
});

test("LAW-1: also where a warm-up is cut off and the run drains", () => {
  expectLaw("LAW-1", cutAndDrained);
});

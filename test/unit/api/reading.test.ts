import { expect, it } from "vitest";
import { readAs } from "../../../src/core/api/reading.js";
import { OUTCOMES } from "../../../src/core/base/outcome.js";

it.each([
  [429, "rate_limit_exceeded", "rate_limited"],
  // A 429 is read as one whatever else its body says.
  [429, "server_is_overloaded", "rate_limited"],
  [503, "service_overloaded", "overloaded"],
  [503, "server_is_overloaded", "overloaded"],
  [529, "overloaded_error", "overloaded"],
  [498, "capacity_exceeded", "overloaded"],
  [503, "service_unavailable", "unavailable"],
  [503, "UNAVAILABLE", "unavailable"],
  [500, "overloaded", "unavailable"],
  [504, "timeout_error", "unavailable"],
  [408, "", "unavailable"],
  [529, "", "unavailable"],
  [498, "", "invalid"],
  [400, "overloaded", "invalid"],
  [0, "", "timed_out"],
  [-1, "", "invalid"],
] as const)("reads %d %s as %s", (status, code, outcome) => {
  expect(OUTCOMES[readAs(status, code)]).toBe(outcome);
});

import { expect, it } from "vitest";
import {
  endToEnd,
  timePerToken,
  timeToFirstToken,
} from "../../../../src/core/tools/validation/run-request.js";
import { request } from "./requests.js";

it("knows the times of a request", () => {
  const one = request({ arrival: 2, firstToken: 5, finish: 9, outputTokens: 5 });
  expect([timeToFirstToken(one), timePerToken(one), endToEnd(one)]).toEqual([3, 1, 7]);
  expect(timePerToken({ ...one, outputTokens: 1 })).toBeUndefined();
});

import { expect, it } from "vitest";
import { frontEnd } from "../../../../src/core/server/profile/front-end.js";

it("states a time of either side, and one by the token; nothing where it says nothing", () => {
  const given = { prompt: { median: "6ms", p90: "9ms" }, perPromptToken: "1.5us", token: { mean: "2ms" } };
  expect(frontEnd.parse(given)).toEqual({
    prompt: { median: 6000, p90: 9000 },
    perPromptToken: 1.5,
    token: { mean: 2000 },
  });
  expect(frontEnd.parse({})).toEqual({ prompt: 0, perPromptToken: 0, token: 0 });
  expect(frontEnd.safeParse({ prompt: "-1ms" }).success).toBe(false);
  expect(frontEnd.safeParse({ perPromptToken: "2ms" }).success).toBe(false);
});

import { expect, it } from "vitest";
import {
  anthropicHeaders,
  rateLimitHeaders,
} from "../../../../../src/core/server/gateway/providers/families.js";

it("has the six headers of OpenAI's family, in its order", () => {
  expect(rateLimitHeaders("clock").map(({ name }) => name)).toEqual([
    "x-ratelimit-limit-requests",
    "x-ratelimit-limit-tokens",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
  ]);
  const forms = rateLimitHeaders("seconds").map((row) => ("as" in row ? row.as : undefined));
  expect(forms.slice(-2)).toEqual(["seconds", "seconds"]);
});

it("has the twelve headers of Anthropic's, with resets in RFC 3339", () => {
  const rows = anthropicHeaders();
  expect(new Set(rows.map(({ name }) => name)).size).toBe(12);
  for (const row of rows) {
    expect(row.name).toMatch(/^anthropic-ratelimit-(requests|tokens|input-tokens|output-tokens)-/);
    if (row.shows === "reset") expect(row.as).toBe("RFC 3339");
  }
});

import { describe, expect, it } from "vitest";
import { concurrencyLimit } from "../../../../../src/core/server/gateway/concurrency/registry.js";

describe.each(["aimd", "vegas", "gradient2", "pid"] as const)("bounds of %s", (limit) => {
  it.each([
    { initial: 3, least: 4, most: 5 },
    { initial: 6, least: 4, most: 5 },
  ])("the limit begins within them: %o", (bounds) => {
    const parsed = concurrencyLimit.safeParse({ limit, ...bounds });
    expect(parsed.error?.issues.map(({ message, path }) => `${path}: ${message}`)).toEqual([
      "initial: initial is from least (4) to most (5)",
    ]);
  });

  it("it may begin at either", () => {
    const both = [4, 5].map((initial) => concurrencyLimit.safeParse({ limit, initial, least: 4, most: 5 }));
    expect(both.map(({ success }) => success)).toEqual([true, true]);
  });
});

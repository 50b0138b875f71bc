import { expect, it } from "vitest";
import { duration, instant } from "../../../../../src/core/base/units.js";
import { retryAfterText, WAITS } from "../../../../../src/core/server/gateway/providers/header-texts.js";

const AT = { now: instant(0), startedAt: 0 };

it("writes the instant that a wait ends at as RFC 3339, on every day of eight centuries", () => {
  const text = (startedAt: number) => WAITS["RFC 3339"](duration(0), { now: instant(0), startedAt });
  for (let day = 0; day < 292_194; day++) {
    const millis = day * 86_400_000 + ((day * 7_919_123) % 86_400_000);
    const told = text(millis);
    // An `expect` for each would take most of the time.
    if (told !== new Date(millis).toISOString()) expect(told).toBe(new Date(millis).toISOString());
  }
});

it("counts the run's own time and the wait, rounded up to the millisecond", () => {
  const at = { now: instant(1_000_001), startedAt: Date.UTC(2026, 1, 28, 23, 59, 58) };
  expect(WAITS["RFC 3339"](duration(1_000_000), at)).toBe("2026-03-01T00:00:00.001Z");
});

it("never tells a client to come back at once, or too late to be taken", () => {
  for (const wait of [1, 400, 999_999, 1_000_001, 58_999_999, 59_000_001, 59_999_999]) {
    const whole = Number(retryAfterText(duration(wait), "seconds", AT));
    const millis = Number(retryAfterText(duration(wait), "milliseconds", AT));
    expect([whole >= 1, whole < 60, millis >= 1, millis >= wait / 1000]).toEqual([true, true, true, true]);
  }
});

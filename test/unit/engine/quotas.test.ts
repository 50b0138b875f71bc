// Quotas by the calendar: how many requests of a day, an hour or a month pass in closed form, and when a refusal says
// that there is room again.
import { describe, expect, it } from "vitest";
import { lives, play, type TinyChanges } from "./tiny.js";

type LimitsInput = NonNullable<NonNullable<TinyChanges["more"]>["limits"]>;

const HOUR = 3600;
const roomy = {
  pool: { replica: { engine: "slots", slots: 1000, tokensPerSecond: 1000 }, admission: { policy: "none" } },
} as const;

const hourly = (hours: number, tokens = 1) =>
  Array.from({ length: hours }, (_, hour) => ({ at: hour * HOUR, output: tokens, input: 1 }));

function played(
  calls: Parameters<typeof play>[0],
  limits: LimitsInput,
  client: "none" | "openai-node-6" = "none",
) {
  return play(calls, {
    ...roomy,
    traffic: { client },
    more: { drain: true, limits, retryAfter: { rateLimited: "estimate" } },
  });
}

/** At which hours requests were let in. */
const admitted = (run: ReturnType<typeof played>) =>
  lives(run).flatMap((line) => {
    const [, number = "", end = ""] = /^(\d+): (\S+)/.exec(line) ?? [];
    return end.startsWith("completed") ? [Number(number) - 1] : [];
  });

describe("requests a day", () => {
  const limits = (zone: string): LimitsInput => ({
    quotas: [{ of: "requests", most: 5, per: "day", zone }],
    startsAt: "2026-11-30",
  });

  it("pass from midnight on, in UTC", () => {
    expect(admitted(played(hourly(50), limits("UTC")))).toEqual([0, 1, 2, 3, 4, 24, 25, 26, 27, 28, 48, 49]);
  });

  it("pass from midnight of the Pacific coast on, eight hours later", () => {
    const run = played(hourly(50), limits("-08:00"));
    expect(admitted(run)).toEqual([0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 32, 33, 34, 35, 36]);
    expect(run.result.all.reasons).toEqual({ quota: 35 });
  });

  it("come back when they are told to: with the next midnight", () => {
    const calls = hourly(50).slice(0, 7);
    const run = played(calls, limits("-08:00"), "openai-node-6");
    const waits = run.attempts.flatMap(({ retryIn }) => (retryIn === null ? [] : [retryIn / HOUR]));
    expect(waits).toEqual([3, 2]);
    expect(run.result.all.requests).toMatchObject({ completed: 7, givenUp: 0 });
  });
});

it("begins an hour by the clock and a month by the date, each beside the others", () => {
  const quotas = [
    { of: "requests", most: 1, per: "hour" },
    { of: "requests", most: 3, per: "month", zone: "+01:00" },
  ] as const;
  const calls = Array.from({ length: 12 }, (_, half) => ({ at: half * 1800, output: 1, input: 1 }));
  // The run begins at 20:15 UTC; clocks strike at 0:45 h, and so on; the month ends in that zone at 2:45 h.
  const run = played(calls, { quotas: [...quotas], startsAt: "2026-11-30T20:15:00Z" });
  expect(admitted(run).map((half) => half / 2)).toEqual([0, 1, 2, 3, 4, 5]);
});

it("counts tokens of a dimension, by model, and a debt into the next day", () => {
  const limits: LimitsInput = {
    quotas: [{ of: "generatedTokens", most: 30, per: "day" }],
    startsAt: "2026-11-30",
  };
  // 20 tokens each, charged at the end: two pass a day, and the 10 too many are owed to the day after.
  expect(admitted(played(hourly(72, 20), limits))).toEqual([0, 1, 24, 48, 49]);
});

it("is of an account on one path where a path has it", () => {
  const limits: LimitsInput = {
    paths: { standard: { quotas: [{ of: "requests", most: 2, per: "day", zone: "UTC" }] } },
  };
  expect(admitted(played(hourly(26), limits))).toEqual([0, 1, 24, 25]);
});

import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../../src/core/base/outcome.js";
import { duration, instant, seconds } from "../../../../../src/core/base/units.js";
import { AccountLimits } from "../../../../../src/core/server/gateway/accounts/account-limits.js";
import {
  fieldsOf,
  type HeaderFacts,
  type HeaderRow,
  type LimitState,
} from "../../../../../src/core/server/gateway/providers/headers.js";
import { providerNamed } from "../../../../../src/core/server/gateway/providers/registry.js";
import { facts } from "../../../../support/gateway-views.js";

const FACTS: HeaderFacts = { now: instant(90_000_000), startedAt: Date.UTC(2026, 10, 30) };

const refused = (retryAfter: number | undefined, shouldRetry?: boolean): HeaderFacts => ({
  ...FACTS,
  refusal: {
    reason: reasonCode("queue_timeout"),
    retryAfter: retryAfter === undefined ? undefined : duration(retryAfter),
    shouldRetry,
  },
});

const limited = (limits: readonly LimitState[]): HeaderFacts => ({ ...FACTS, limits });
const textIn = (row: HeaderRow, facts: HeaderFacts) => fieldsOf([row], facts).map(([, value]) => value)[0];

describe("limits in headers", () => {
  const limits = [
    { name: "uncachedPromptTokens", perMinute: 900_000, remaining: 123_456.7, reset: seconds(360) },
  ];
  const of = ["promptTokens", "uncachedPromptTokens"] as const;

  it.each([
    ["limit", "per minute", "900000"],
    ["limit", "per second", "15000"],
    ["remaining", "per minute", "123456"],
    ["remaining", "thousands", "123000"],
  ] as const)("show the %s %s", (shows, as, value) => {
    expect(textIn({ name: "x", shows, of, as }, limited(limits))).toBe(value);
  });

  it.each([
    ["seconds", "360"],
    ["milliseconds", "360000"],
    ["clock", "6m0s"],
    ["RFC 3339", "2026-11-30T00:07:30.000Z"],
  ] as const)("show when they are whole again in %s", (as, value) => {
    expect(textIn({ name: "x", shows: "reset", of, as }, limited(limits))).toBe(value);
  });

  it.each([
    [0, "0s"],
    [1, "1ms"],
    [250_000, "250ms"],
    [1_000_000, "1s"],
    [1_000_001, "2s"],
    [61_000_000, "1m1s"],
    [3_600_000_000, "1h0m0s"],
  ])("write %d µs as %s", (reset, value) => {
    const states = [{ name: "requests", perMinute: 1, remaining: 0, reset: duration(reset) }];
    const row = { name: "x", shows: "reset", of: ["requests"], as: "clock" } as const;
    expect(textIn(row, limited(states))).toBe(value);
  });

  it("are left out of what is not limited, and 0 in debt", () => {
    const row = { name: "x", shows: "remaining", of: ["requests"], as: "per minute" } as const;
    expect(fieldsOf([row], limited(limits))).toEqual([]);
    expect(fieldsOf([row], FACTS)).toEqual([]);
    const inDebt = { name: "requests", perMinute: 10, remaining: -3, reset: seconds(1) };
    expect(fieldsOf([row], limited([inDebt]))).toEqual([["x", "0"]]);
  });

  it("are those of the limit with the least left, of several", () => {
    const row = { name: "x", shows: "remaining", of: ["requests"], as: "per minute" } as const;
    const state = (remaining: number) => ({ name: "requests", perMinute: 10, remaining, reset: seconds(1) });
    expect(fieldsOf([row], limited([state(7), state(4), state(9)]))).toEqual([["x", "4"]]);
  });

  it("shows a quota that is nearly used up by its own size, and when it is there anew", () => {
    const row = (shows: "limit" | "remaining") =>
      ({ name: shows, shows, of: ["requests"], as: "per minute" }) as const;
    const reset = { name: "reset", shows: "reset", of: ["requests"], as: "clock" } as const;
    const states = [
      { name: "requests", perMinute: 10, size: 10, remaining: 9, reset: seconds(6) },
      { name: "requests", perMinute: undefined, size: 250, remaining: 2, reset: seconds(7 * 3600) },
    ];
    expect(fieldsOf([row("limit"), row("remaining"), reset], limited(states))).toEqual([
      ["limit", "250"],
      ["remaining", "2"],
      ["reset", "7h0m0s"],
    ]);
  });
});

describe("a refusal in headers", () => {
  const inSeconds = { name: "retry-after", shows: "retry-after", as: "seconds" } as const;
  const inMillis = { name: "retry-after-ms", shows: "retry-after", as: "milliseconds" } as const;

  it.each([
    [1, "1", "1"],
    [1_000, "1", "1"],
    [1_000_001, "2", "1001"],
    [59_999_000, "59", "59999"],
    [75_000_000, "75", "75000"],
  ])("says to wait %d µs, never 0, and below a minute where that is meant", (wait, whole, millis) => {
    expect(textIn(inSeconds, refused(wait))).toBe(whole);
    expect(textIn(inMillis, refused(wait))).toBe(millis);
  });

  it("says nothing where nothing is told", () => {
    const rows = [inSeconds, inMillis, { name: "x-should-retry", shows: "should-retry" }] as const;
    expect(fieldsOf(rows, refused(undefined))).toEqual([]);
    expect(fieldsOf(rows, FACTS)).toEqual([]);
  });

  it("says whether to come back, and why it was dropped", () => {
    const rows: HeaderRow[] = [
      { name: "x-should-retry", shows: "should-retry" },
      { name: "why", shows: "dropped", words: { queue_timeout: "rejected-ttl-expired" } },
      { name: "not-this", shows: "dropped", words: { displaced: "evicted" } },
    ];
    expect(fieldsOf(rows, refused(undefined, false))).toEqual([
      ["x-should-retry", "false"],
      ["why", "rejected-ttl-expired"],
    ]);
  });
});

it("says which tier served, and which pool in place of which", () => {
  const rows: HeaderRow[] = [
    { name: "tier", shows: "served-tier" },
    { name: "pool", shows: "served-pool" },
    { name: "from", shows: "spilled-from" },
    { name: "by", shows: "spilled-to" },
  ];
  const served = { tier: "standard", pool: "shared", meantFor: "reserved" };
  expect(fieldsOf(rows, { ...FACTS, served })).toEqual([
    ["tier", "standard"],
    ["pool", "shared"],
    ["from", "reserved"],
    ["by", "shared"],
  ]);
  expect(fieldsOf(rows, { ...FACTS, served: { ...served, meantFor: "shared" } })).toEqual([
    ["tier", "standard"],
    ["pool", "shared"],
  ]);
  expect(fieldsOf(rows, FACTS)).toEqual([]);
});

it("takes the state of an account's limits as they tell it", () => {
  const limits = new AccountLimits(
    {
      requests: { perMinute: 60, burst: 60, scope: "account" },
      promptTokens: { perMinute: 6000, burst: 6000 },
      outputAccounting: "post-charge",
      expectedOutput: 0,
      chargeShed: false,
    },
    1,
  );
  const request = facts({ inputTokens: 600, cachedTokens: 0 });
  limits.charge(request, FACTS.now);
  const { headers } = providerNamed("openai");
  expect(fieldsOf(headers, { ...FACTS, limits: limits.state(request, FACTS.now) })).toEqual([
    ["x-ratelimit-limit-requests", "60"],
    ["x-ratelimit-limit-tokens", "6000"],
    ["x-ratelimit-remaining-requests", "59"],
    ["x-ratelimit-remaining-tokens", "5400"],
    ["x-ratelimit-reset-requests", "1s"],
    ["x-ratelimit-reset-tokens", "6s"],
  ]);
});

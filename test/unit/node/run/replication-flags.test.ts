import { describe, expect, it } from "vitest";
import {
  DEFAULT_MOST,
  type ReplicationFlags,
  replicationSettings,
} from "../../../../src/node/run/replication-flags.js";

describe("the flags of replications", () => {
  it.each<[ReplicationFlags, unknown]>([
    [{}, null],
    [{ workers: "3" }, null],
    [{ replications: "1" }, { kind: "fixed", count: 1 }],
    [{ replications: "100000" }, { kind: "fixed", count: 100_000 }],
    [{ replications: "until" }, { kind: "decided", most: DEFAULT_MOST }],
    [
      { replications: "until", most: "12", maxTime: "1m" },
      { kind: "decided", most: 12 },
    ],
  ])("%o ask for %o", (flags, plan) => {
    expect(replicationSettings(flags).plan).toEqual(plan);
  });

  it("leave threads to the machine and time without a bound unless they say so", () => {
    expect(replicationSettings({})).toMatchObject({
      workers: undefined,
      maxSeconds: Number.POSITIVE_INFINITY,
    });
    expect(replicationSettings({ workers: "8" }).workers).toBe(8);
  });

  it.each([
    ["90s", 90],
    ["10m", 600],
    ["1.5h", 5400],
  ])("take --max-time %s as %i seconds", (maxTime, seconds) => {
    expect(replicationSettings({ replications: "until", maxTime }).maxSeconds).toBe(seconds);
  });

  it.each<[ReplicationFlags, RegExp]>([
    [{ replications: "0" }, /--replications is a whole number from 1 to 100000, or "until", not "0"/],
    [{ replications: "100001" }, /--replications is/],
    [{ replications: "2.5" }, /not "2.5"/],
    [{ replications: "-3" }, /not "-3"/],
    [{ replications: "1e3" }, /not "1e3"/],
    [{ replications: "" }, /--replications is/],
    [{ replications: "forever" }, /or "until", not "forever"/],
    [{ most: "5" }, /--most goes with --replications until/],
    [{ replications: "5", most: "9" }, /--most goes with --replications until/],
    [{ replications: "5", maxTime: "9s" }, /--max-time goes with --replications until/],
    [{ replications: "until", most: "none" }, /--most is a whole number from 1 to 100000, not "none"/],
    [{ replications: "until", maxTime: "10" }, /--max-time is a time like 90s, 10m or 1h, not "10"/],
    [{ replications: "until", maxTime: "0s" }, /--max-time is/],
    [{ replications: "until", maxTime: "1d" }, /--max-time is/],
    [{ workers: "0" }, /--workers is a whole number from 1 to 1024/],
    [{ workers: "5000" }, /--workers is/],
  ])("are refused where they make no sense: %o", (flags, wanted) => {
    expect(() => replicationSettings(flags)).toThrow(wanted);
  });
});

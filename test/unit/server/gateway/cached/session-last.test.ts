import { describe, expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import {
  SESSIONS_REMEMBERED,
  SessionLast,
} from "../../../../../src/core/server/gateway/cached/session-last.js";

describe("session-last", () => {
  it("takes a session's last prompt that has started for cached", () => {
    const estimator = new SessionLast();
    expect(estimator.estimate(7, 800, 0)).toBe(0);
    estimator.started(7, 800);
    expect(estimator.estimate(7, 880, 0)).toBe(800);
    estimator.started(7, 880);
    expect(estimator.estimate(7, 960, 0)).toBe(880);
    expect(estimator.estimate(8, 960, 0)).toBe(0);
  });

  it("leaves a token of a prompt that is no longer than the last one to compute", () => {
    const estimator = new SessionLast();
    estimator.started(7, 800);
    expect(estimator.estimate(7, 800, 0)).toBe(799);
    expect(estimator.estimate(7, 200, 0)).toBe(199);
  });

  it("takes what is stated where that is more, and without a session", () => {
    const estimator = new SessionLast();
    estimator.started(NONE, 800);
    expect(estimator.estimate(NONE, 900, 0)).toBe(0);
    expect(estimator.estimate(NONE, 900, 500)).toBe(500);
    estimator.started(7, 800);
    expect(estimator.estimate(7, 1000, 900)).toBe(900);
    expect(estimator.estimate(7, 1000, 700)).toBe(800);
  });

  it("remembers so many sessions and no more: an older one is as if it were new", () => {
    const estimator = new SessionLast();
    for (const session of [3, 4]) estimator.started(session, 100 * session);
    estimator.started(3 + SESSIONS_REMEMBERED, 50);
    const estimates = [3, 4, 3 + SESSIONS_REMEMBERED].map((session) => estimator.estimate(session, 9000, 0));
    expect(estimates).toEqual([0, 400, 50]);
    const last = 2 * SESSIONS_REMEMBERED - 1;
    estimator.started(last, 20);
    expect([last, 4].map((session) => estimator.estimate(session, 9000, 0))).toEqual([20, 400]);
  });
});

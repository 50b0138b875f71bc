import { describe, expect, it } from "vitest";
import {
  OUTCOMES,
  Outcome,
  outcomeOf,
  REASONS,
  reasonCode,
  statusOf,
} from "../../../src/core/base/outcome.js";

describe("outcomes and reasons", () => {
  it("numbers the outcomes in the order of their names", () => {
    expect(Object.values(Outcome)).toEqual(OUTCOMES.map((_, code) => code));
  });

  it("finds every reason by its name", () => {
    const codes = REASONS.map((spec) => reasonCode(spec.name));
    expect(codes).toEqual(REASONS.map((_, code) => code));
    expect(codes.map((code) => [outcomeOf(code), statusOf(code)])).toEqual(
      REASONS.map((spec) => [spec.outcome, spec.status]),
    );
  });

  it("gives each outcome one HTTP status, apart from invalid requests", () => {
    const statuses = OUTCOMES.map(
      (_, code) => new Set(REASONS.filter((spec) => spec.outcome === code).map((spec) => spec.status)),
    );
    const byName = Object.fromEntries(OUTCOMES.map((name, code) => [name, [...statuses[code]!]]));
    expect(byName).toEqual({
      in_flight: [],
      completed: [200],
      rate_limited: [429],
      overloaded: [503],
      unavailable: [503],
      timed_out: [0],
      cancelled: [0],
      invalid: [400, 404],
      evicted: [503],
    });
  });

  it("keeps code 0 for success, which callers use as no refusal", () => {
    expect(reasonCode("none")).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { REASONS, type ReasonName, reasonCode, statusOf } from "../../../../../src/core/base/outcome.js";
import { AnswerTable } from "../../../../../src/core/server/gateway/providers/answers.js";
import { providerNamed } from "../../../../../src/core/server/gateway/providers/registry.js";

const said = (table: AnswerTable, name: ReasonName, path?: number) => {
  const { status, code, retry } = table.of(reasonCode(name), path);
  return [status, code, retry];
};

describe("the table of answers", () => {
  it("has by default the statuses of the reasons themselves", () => {
    const table = new AnswerTable();
    const statuses = REASONS.map((_, reason) => table.of(reason).status);
    expect(statuses).toEqual(REASONS.map((_, reason) => statusOf(reason)));
  });

  it("goes by the reason before the outcome, and by the path's service tier before both", () => {
    const table = new AnswerTable(providerNamed("openai"), {}, [undefined, "flex"]);
    expect(said(table, "requests", 0)).toEqual([429, "rate_limit_exceeded", "rateLimited"]);
    expect(said(table, "overloaded_capacity", 0)).toEqual([503, "server_is_overloaded", "overloaded"]);
    expect(said(table, "overloaded_capacity", 1)).toEqual([429, "resource_unavailable", "overloaded"]);
    expect(said(table, "outage", 1)).toEqual([500, "server_error", undefined]);
  });

  it("has the answer of no path where no path takes the call, and for one that it does not know", () => {
    const table = new AnswerTable(providerNamed("groq"), {}, ["flex"]);
    for (const path of [undefined, -1, 5]) expect(said(table, "overloaded_capacity", path)[0]).toBe(503);
    expect(said(table, "overloaded_capacity", 0)[0]).toBe(498);
  });

  it("lets a scenario change an outcome with all of its reasons and tiers, and a reason before that", () => {
    const changes = { overloaded: { status: 503 }, queue_timeout: { status: 504, code: "late" } } as const;
    const table = new AnswerTable(providerNamed("groq"), changes, ["flex"]);
    expect(said(table, "displaced", 0)).toEqual([503, "capacity_exceeded", "overloaded"]);
    expect(said(table, "queue_timeout", 0)).toEqual([504, "late", "overloaded"]);
    expect(said(table, "queue_timeout")).toEqual([504, "late", "overloaded"]);
    expect(said(table, "requests", 0)).toEqual([429, "rate_limit_exceeded", "rateLimited"]);
  });

  it("gives causes that look alike the same headers, until a scenario tells them apart", () => {
    const legacy = providerNamed("legacy-429");
    expect(said(new AnswerTable(legacy), "displaced")).toEqual([429, "rate_limit_exceeded", "rateLimited"]);
    const split = new AnswerTable(legacy, { overloaded: { status: 503 } });
    expect(said(split, "displaced")).toEqual([503, "rate_limit_exceeded", "overloaded"]);
  });

  it("has no code for what no provider refuses", () => {
    for (const name of ["none", "client_timeout", "hedge_lost", "caller_gone"] as const)
      expect(said(new AnswerTable(), name)).toEqual([statusOf(reasonCode(name)), "", undefined]);
  });
});

import { describe, expect, it } from "vitest";
import { signalTiming } from "../../../../src/core/server/gateway/signal-timing.js";

const schema = signalTiming("the pool");
const complaints = (written: object) =>
  (schema.safeParse(written).error?.issues ?? []).map(({ path, message }) => [path.join(), message]);

describe("how old signals are", () => {
  it("is no time by default, or as often as is given", () => {
    expect(schema.parse(undefined)).toEqual({ period: 0, age: 0, loss: 0 });
    expect(signalTiming("it", "100ms").parse({})).toEqual({ period: 100_000, age: 0, loss: 0 });
    expect(schema.parse({ period: "15s", age: "1s", loss: "5%" })).toEqual({
      period: 15e6,
      age: 1e6,
      loss: 0.05,
    });
  });

  it("says what is copied", () => {
    expect(schema.unwrap().shape.period.description).toContain("How often the pool is copied");
  });

  it("has a period where copies travel or get lost, which some of them do not", () => {
    const what = "copies that travel or get lost have to be taken: give a period above 0s";
    expect(complaints({ age: "1us" })).toEqual([["", what]]);
    expect(complaints({ loss: "1%" })).toEqual([["", what]]);
    expect(complaints({ period: "1s", loss: "99%" })).toEqual([]);
    expect(complaints({ period: "1s", loss: 1 })).toMatchObject([["loss", /99%/]]);
  });

  it("keeps no more than a thousand copies under way", () => {
    expect(complaints({ period: "1ms", age: "1s" })).toEqual([]);
    expect(complaints({ period: "1ms", age: "1001ms" })).toMatchObject([["age", /at most 1000 copies/]]);
  });
});

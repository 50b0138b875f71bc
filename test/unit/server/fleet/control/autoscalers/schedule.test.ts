import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEVER } from "../../../../../../src/core/base/units.js";
import {
  autoscaler,
  timetableOf,
} from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import { at, make, sample, viewOf } from "./views.js";

const schedule = (given: object) => make({ algorithm: "schedule", ...given });
const says = (scaler: ReturnType<typeof schedule>, seconds: readonly number[]) =>
  seconds.map((second) => scaler.recommend(viewOf([sample(0)], 5, at(second))));

describe("replicas by the clock", () => {
  const steps = [
    { at: "10s", replicas: 3 },
    { at: "20s", replicas: 0 },
  ];

  it("have as many as the last step says, and without a period nothing before the first", () => {
    expect(says(schedule({ steps }), [0, 9.9, 10, 19.9, 20, 1e6])).toEqual([
      undefined,
      undefined,
      3,
      3,
      0,
      0,
    ]);
  });

  it("begin again with the period, which begins with what the last step of the one before said", () => {
    expect(says(schedule({ every: "1m", steps }), [0, 10, 20, 60, 70, 79.9, 80, 130])).toEqual([
      0, 3, 0, 0, 3, 3, 0, 3,
    ]);
  });

  it("say when they change next", () => {
    const once = schedule({ steps });
    expect([0, 9.9, 10, 20].map((second) => once.changesAt!(at(second)))).toEqual([
      at(10),
      at(10),
      at(20),
      NEVER,
    ]);
    const daily = schedule({ every: "1m", steps });
    expect([0, 20, 60, 70].map((second) => daily.changesAt!(at(second)))).toEqual([
      at(10),
      at(70),
      at(70),
      at(80),
    ]);
  });

  it("change at no other time than they say", () => {
    const step = fc.record({ at: fc.nat({ max: 99 }), replicas: fc.nat({ max: 9 }) });
    const some = fc.uniqueArray(step, { minLength: 1, maxLength: 5, selector: (one) => one.at });
    const law = fc.property(some, fc.nat({ max: 300 }), fc.boolean(), (given, from, repeats) => {
      const sorted = [...given].sort((a, b) => a.at - b.at);
      const scaler = schedule({ steps: sorted, ...(repeats && { every: 100 }) });
      const next = scaler.changesAt!(at(from));
      const until = Math.min(400, next / at(1));
      const seconds = Array.from({ length: until - from }, (_, index) => from + index);
      return next > at(from) && new Set(says(scaler, seconds)).size <= 1;
    });
    fc.assert(law);
  });

  it("say in a timetable, before a run, what they do in it, within their bounds", () => {
    const given = { algorithm: "schedule", steps, min: 1, max: 2 };
    const timetable = timetableOf(autoscaler.parse(given))!;
    expect([0, 10, 20].map((second) => timetable.replicasAt(at(second)))).toEqual([undefined, 2, 1]);
    expect(timetable.changesAt(at(10))).toBe(at(20));
    expect(timetableOf(autoscaler.parse("hpa"))).toBeUndefined();
  });

  it.each([
    [{ steps: [] }, "at least one step is needed"],
    [{ steps: [...steps].reverse() }, "not later than the step before it (20s): write them in order of time"],
    [{ steps, every: "20s" }, "less than 20s"],
    [{ steps: [{ at: "1h" }] }, "nothing is not a whole number"],
  ])("refuse %j", (written, message) => {
    const { error } = autoscaler.safeParse({ algorithm: "schedule", ...written });
    expect(JSON.stringify(error?.issues)).toContain(message);
  });
});

// Keys of the way to zero are refused exactly where a pool that never goes there does the same without them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Damping } from "../../../../../../src/core/server/fleet/control/autoscalers/damping.js";
import { autoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import { problems, withLine } from "../../../../scenario/scenarios.js";
import { at, make, sample, viewOf } from "./views.js";

const told = (options: string) =>
  expect(problems(withLine(6, `    replicas: 1\n    autoscaler: { algorithm: ${options} }`)));

/** Of each that may go to zero: its keys, and whether it keeps a replica where nothing is said. */
const KEYS = [
  ["target-load", ["zeroAfter: 5m"], true],
  ["keda", ["polling: 10s", "cooldown: 5m"], false],
  ["knative", ["zeroGrace: 1m"], false],
  ["ray-serve", ["zeroDelay: 5m"], true],
] as const;

describe("what is said of the way to zero", () => {
  it("is refused where a replica is kept, stated or by default", () => {
    for (const [name, keys, keepsOne] of KEYS) {
      const all = keys.join(", ");
      const refused = (why: string) =>
        keys.map((key) => {
          const option = key.slice(0, key.indexOf(":"));
          return expect.stringMatching(
            `autoscaler.${option}: counts only where the pool may go to zero: min is 1${why} \\(say min: 0, or leave ${option}`,
          );
        });
      told(`${name}, min: 1, ${all}`).toEqual(refused(""));
      told(`${name}, min: 0, ${all}`).toEqual([]);
      told(`${name}, ${all}`).toEqual(keepsOne ? refused(", its default") : []);
      told(`${name}, min: 1`).toEqual([]);
    }
  });

  it("is left to those whose tolerance tells none from one, and to a window that still shows load", () => {
    for (const name of ["target-load, zeroAfter: 5m", "knative, zeroGrace: 1m"]) {
      told(`${name}, min: 1, tolerance: 0.49`).toEqual([expect.stringContaining("counts only where")]);
      told(`${name}, min: 1, tolerance: 0.5`).toEqual([]);
    }
    told("target-load, zeroAfter: 5m, window: 5m").toEqual([expect.stringContaining("counts only where")]);
    told("target-load, zeroAfter: 5m, window: 6m").toEqual([]);
  });

  it("is not judged where the bound is malformed", () => {
    told("keda, min: few, cooldown: 5m").toEqual([expect.stringContaining("autoscaler.min")]);
  });
});

it("none and one come to the same where one is kept, and the tolerance is small", () => {
  const windows = ["0s", "30s", "5m"] as const;
  const knobs = fc.record({
    min: fc.integer({ min: 1, max: 3 }),
    tolerance: fc.constantFrom(0, 0.1, 0.49),
    upWindow: fc.constantFrom(...windows),
    downWindow: fc.constantFrom(...windows),
    downRate: fc.constantFrom("unlimited" as const, { replicas: 1, per: "1m" }),
  });
  const asked = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 30 });
  const held = (given: object, start: number, asks: readonly number[]) => {
    const { algorithm: _, ...parsed } = autoscaler.parse({ algorithm: "knative", ...given });
    const damping = new Damping(parsed, 10);
    let current = start;
    return asks.map((ask, index) => {
      current = damping.decide(ask, current, at(10 * index));
      return current;
    });
  };
  fc.assert(
    fc.property(knobs, fc.integer({ min: 1, max: 8 }), asked, (given, start, asks) => {
      const none = asks.map((ask) => (ask === 1 ? 0 : ask));
      expect(held(given, start, none)).toEqual(held(given, start, asks));
    }),
  );
  // With a wide one two are near enough to one, and never to none.
  expect([0, 1].map((ask) => held({ min: 1, tolerance: 0.5 }, 2, [ask]))).toEqual([[1], [2]]);
});

it("keda polls where it may go to zero alone", () => {
  const says = (options: object) => {
    const scaler = make({ algorithm: "keda", targets: { concurrency: 2 }, ...options });
    const samples = [0, 15, 30, 45, 400, 415].map((second, index) =>
      sample(second, { running: [4, 2, 0, 0, 0, 6][index]!, ready: 2 }),
    );
    return samples.map((_, index) => scaler.recommend(viewOf(samples.slice(0, index + 1), 2)));
  };
  const slow = { polling: "1h", cooldown: "10s" };
  expect(says({ min: 1, ...slow })).toEqual(says({ min: 1 }));
  expect(says({ min: 0, ...slow, polling: "15s" })).not.toEqual(says({ min: 0 }));
});

// Golden cases worked by hand from the Kubernetes documentation and from replica_calculator.go, and laws beside them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Damping } from "../../../../../../src/core/server/fleet/control/autoscalers/damping.js";
import { autoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import type { ScalingSample } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { at, make, sample, viewOf } from "./views.js";

const hpa = (given: object = {}) => make({ algorithm: "hpa", targets: { concurrency: 100 }, ...given });

const asks = (given: Partial<ScalingSample>, wanted: number, options: object = {}) =>
  hpa(options).recommend(viewOf([sample(0, given)], wanted));

/** What the HPA makes of one sample, damped by its defaults. */
function decides(given: Partial<ScalingSample>, wanted: number, options: object = {}) {
  const recommended = asks(given, wanted, options);
  const knobs = { ...autoscaler.parse("hpa"), downWindow: at(0) as never };
  return recommended === undefined ? undefined : new Damping(knobs, 1000).decide(recommended, wanted, at(0));
}

describe("the HPA by its published rule", () => {
  it("wants current x value / target: the example of the documentation, 200m of 100m doubles, 50m halves", () => {
    expect(decides({ ready: 3, running: 600 }, 3)).toBe(6);
    expect(decides({ ready: 4, running: 200 }, 4)).toBe(2);
    expect(decides({ ready: 3, running: 400 }, 3)).toBe(4);
  });

  it("does nothing within a tenth of the target", () => {
    expect([1.1, 0.9].map((ratio) => decides({ ready: 10, running: 1000 * ratio }, 10))).toEqual([10, 10]);
    expect([1.11, 0.89].map((ratio) => decides({ ready: 10, running: 1000 * ratio }, 10))).toEqual([12, 9]);
  });

  it("takes the largest of several metrics", () => {
    const targets = { concurrency: 100, queue: 10 };
    expect(asks({ ready: 2, running: 150, queued: 50 }, 2, { targets })).toBe(5);
    expect(asks({ ready: 2, running: 650, queued: 50 }, 2, { targets })).toBe(7);
  });

  it("counts those without a metric as idle on the way up", () => {
    // 4 ready at 150 % of target, 4 more on their way: 600 / 800 = 75 % would turn it round, so nothing is done.
    expect(asks({ ready: 4, running: 600, starting: 4 }, 8)).toBe(8);
    // 3 times the target over 4 of 6: 1200 / 600 is twice it, 12 replicas and not 18.
    expect(asks({ ready: 4, running: 1200, starting: 2 }, 6)).toBe(12);
    // 130 % over 10 of 12 is 1300 / 1200, within the tolerance.
    expect(decides({ ready: 10, running: 1300, starting: 2 }, 12)).toBe(12);
  });

  it("counts them as exactly at the target on the way down", () => {
    // 4 ready at 50 %, 4 more: (200 + 400) / 800 = 75 %, 6 replicas and not 2.
    expect(decides({ ready: 4, running: 200, starting: 4 }, 8)).toBe(6);
    // 85 % over 4 of 8 is 92.5 %, within the tolerance.
    expect(decides({ ready: 4, running: 340, starting: 4 }, 8)).toBe(8);
  });

  it("divides an external total by the target, whoever is ready", () => {
    const external = { metrics: "external" };
    expect(asks({ ready: 4, running: 200, starting: 4 }, 8, external)).toBe(2);
    expect(asks({ ready: 0, queued: 350 }, 1, external)).toBe(3.5);
  });

  it("may add but not take away while a metric is missing", () => {
    // Of arrivals one sample says nothing.
    const targets = { concurrency: 100, requests: 5 };
    expect(asks({ ready: 4, running: 800 }, 4, { targets })).toBe(8);
    expect(asks({ ready: 4, running: 100 }, 4, { targets })).toBeUndefined();
    const both = viewOf([sample(0, { ready: 4 }), sample(15, { ready: 4, running: 100, arrived: 150 })], 4);
    expect(hpa({ targets }).recommend(both)).toBe(2);
  });

  it("does nothing without any metric: none ready, none fresh, none wanted", () => {
    expect(asks({ ready: 0, queued: 500, starting: 1 }, 1)).toBeUndefined();
    expect(asks({ ready: 0, queued: 500 }, 0)).toBeUndefined();
    const old = [sample(0, { ready: 1, running: 500 })];
    expect(hpa({ staleAfter: "60s" }).recommend(viewOf(old, 1, at(60)))).toBe(5);
    expect(hpa({ staleAfter: "60s" }).recommend(viewOf(old, 1, at(61)))).toBeUndefined();
  });

  it("has the published defaults", () => {
    expect(autoscaler.parse("hpa")).toMatchObject({
      min: 1,
      interval: at(15),
      tolerance: 0.1,
      upWindow: 0,
      downWindow: at(300),
      upRate: { replicas: 4, times: 1, per: at(15) },
      downRate: { replicas: 0, times: 1, per: at(15) },
    });
    expect(autoscaler.safeParse({ algorithm: "hpa", min: 0 }).success).toBe(false);
  });
});

describe("the HPA, whatever the load", () => {
  const pool = fc.record({ ready: fc.integer({ min: 1, max: 50 }), starting: fc.nat({ max: 50 }) });

  it("wants no fewer for more load", () => {
    const law = fc.property(pool, fc.nat({ max: 9000 }), fc.nat({ max: 9000 }), (given, load, more) => {
      const wanted = given.ready + given.starting;
      return (
        asks({ ...given, running: load }, wanted)! <= asks({ ...given, running: load + more }, wanted)! + 1e-9
      );
    });
    fc.assert(law);
  });

  it("never turns round for those without a metric, and is moved less by them than without", () => {
    const law = fc.property(pool, fc.nat({ max: 9000 }), (given, running) => {
      const wanted = given.ready + given.starting;
      const share = asks({ ...given, running }, wanted)! / wanted;
      const plain = running / (100 * given.ready);
      return plain >= 1
        ? share >= 1 - 1e-9 && share <= plain + 1e-9
        : share <= 1 + 1e-9 && share >= plain - 1e-9;
    });
    fc.assert(law);
  });
});

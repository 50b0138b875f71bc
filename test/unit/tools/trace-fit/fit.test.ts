import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../../src/core/random/distribution.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { QuantileSketch } from "../../../../src/core/stats/quantile-sketch.js";
import { fitTraffic } from "../../../../src/core/tools/trace-fit/fit.js";
import {
  fitMixture,
  fitRounded,
  normalQuantile,
} from "../../../../src/core/tools/trace-fit/fit-lognormals.js";
import { fitSwing } from "../../../../src/core/tools/trace-fit/fit-swings.js";
import { TraceProfile } from "../../../../src/core/tools/trace-fit/profile.js";
import { gear } from "../../../support/mode.js";
import { row } from "./rows.js";

function sketchOf(draw: () => number, count = 20_000): QuantileSketch {
  const sketch = new QuantileSketch({ unit: 1e-6 });
  for (let index = 0; index < count; index++) sketch.add(draw());
  return sketch;
}

const lognormal = (mu: number, sigma: number, seed = "1") =>
  createDistribution({ dist: "lognormal", mu, sigma }, openStream(seed, "fit"));

describe("lognormals", () => {
  it("are found again, one where there is one and two where there are two", () => {
    const one = lognormal(3, 0.7);
    const single = fitMixture(sketchOf(() => one.sample()));
    expect(single.parts).toEqual([{ weight: 1, mu: expect.closeTo(3, 1), sigma: expect.closeTo(0.7, 1) }]);
    const parts = {
      dist: "mixture",
      of: [
        { dist: "lognormal", mu: 2, sigma: 0.5, weight: 0.3 },
        { dist: "lognormal", mu: 6, sigma: 0.8, weight: 0.7 },
      ],
    } as const;
    const two = createDistribution(parts, openStream("1", "two"));
    const double = fitMixture(sketchOf(() => two.sample()));
    expect(double.parts).toEqual([
      { weight: expect.closeTo(0.3, 1), mu: expect.closeTo(2, 1), sigma: expect.closeTo(0.5, 1) },
      { weight: expect.closeTo(0.7, 1), mu: expect.closeTo(6, 1), sigma: expect.closeTo(0.8, 1) },
    ]);
    expect(double.ks).toBeLessThan(0.02);
  });

  it("tell how far off they are", () => {
    const sketch = sketchOf(() => 5, 100);
    for (let index = 0; index < 100; index++) sketch.add(500);
    expect(fitMixture(sketch, 1).ks).toBeGreaterThan(0.1);
  });

  it("are found behind whole numbers that were raised to a least", () => {
    const hidden = lognormal(1.11, 0.96);
    const sketch = sketchOf(() => Math.max(1, Math.round(hidden.sample())));
    const { mu, sigma } = fitRounded(sketch, 1);
    expect([Math.abs(mu - 1.11) < 0.05, Math.abs(sigma - 0.96) < 0.05]).toEqual([true, true]);
  });

  it("rest on quantiles of the normal", () => {
    expect([0.841345, 0.975, 0.001].map((p) => normalQuantile(p).toFixed(4))).toEqual([
      "1.0000",
      "1.9600",
      "-3.0902",
    ]);
  });
});

describe("swings", () => {
  it("are as wide as the burstiness asks for, and none where there is none", () => {
    const target = { rate: 5, span: gear(1800, 3600), window: 60, accounts: { count: 40, skew: 1 }, cv: 1 };
    const { sigma, eta } = fitSwing({ ...target, eta: 0.05 });
    expect(sigma).toBeGreaterThan(0.3);
    expect(Math.abs(eta / 0.05 - 1)).toBeLessThan(0.25);
    expect(fitSwing({ ...target, eta: -0.01 }).sigma).toBe(0);
  });
});

describe("a fit", () => {
  const profiled = (rows: Iterable<ReturnType<typeof row>>) => {
    const profile = new TraceProfile();
    for (const each of rows) profile.add(each);
    return { profile, statistics: profile.close() };
  };

  it("is refused where there is too little to go by", () => {
    const few = profiled(Array.from({ length: 50 }, (_, at) => row({ at })));
    expect(() => fitTraffic(few.profile, few.statistics)).toThrow("50 requests: a fit needs at least 200");
    const one = profiled(Array.from({ length: 500 }, (_, at) => row({ at, session: "a" })));
    expect(() => fitTraffic(one.profile, one.statistics)).toThrow("1 sessions");
  });

  it("of sessions has their turns, requests, growth and gaps", () => {
    const stream = openStream("1", "sessions");
    const output = lognormal(5, 0.5);
    function* sessions() {
      for (let session = 0; session < 400; session++) {
        let input = 20_000;
        let at = session * 1000;
        for (let turn = 0; turn < 3; turn++) {
          const requests = stream.uniform() < 0.4 ? 1 : 5;
          for (let request = 0; request < requests; request++) {
            const outputTokens = Math.ceil(output.sample());
            const isFirst = turn + request === 0;
            const think = isFirst ? undefined : request === 0 ? 90 : 2;
            at += think ?? 0;
            const kind = request === 0 ? "human" : "tool";
            yield row({
              session: `s${session}`,
              at,
              think,
              inputTokens: input,
              outputTokens,
              kind,
              account: `a${session % 4}`,
            });
            input += outputTokens + 300;
          }
        }
      }
    }
    const { profile, statistics } = profiled(sessions());
    const { traffic } = fitTraffic(profile, statistics);
    expect(traffic.archetypes).toEqual({ agent: 1, api: 0, chat: 0 });
    expect(traffic.accounts.count).toBe(4);
    expect(traffic.accounts.skew).toBeLessThan(0.2);
    expect(traffic.agent).toMatchObject({
      requests: { one: expect.closeTo(0.4, 1) },
      noGrowth: 0,
      growth: [{ weight: 1, mu: expect.closeTo(Math.log(300), 2) }],
      humanGap: { mu: expect.closeTo(Math.log(90), 2) },
      toolGap: [{ weight: 1, mu: expect.closeTo(Math.log(2), 2) }],
      output: [{ weight: 1, mu: expect.closeTo(5, 1), sigma: expect.closeTo(0.5, 1) }],
      subAgents: { share: 0 },
    });
  });

  it("of requests without sessions is of programs, of those with sessions and no kinds of people", () => {
    const rows = Array.from({ length: 600 }, (_, index) =>
      row({ at: index * 7, session: index % 2 === 0 ? "" : `s${index % 61}`, think: 3 }),
    );
    const { profile, statistics } = profiled(rows);
    const { traffic } = fitTraffic(profile, statistics);
    expect(traffic.archetypes).toEqual({ agent: 0, api: 0.5, chat: 0.5 });
    expect([traffic.api !== undefined, traffic.chat !== undefined, traffic.agent]).toEqual([
      true,
      true,
      undefined,
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { beyondKey, clusteringOf } from "../../../../src/core/results/build/clusters.js";
import { boundOfRuns, type MostOfRun } from "../../../../src/core/results/build/estimates.js";
import {
  placesOf,
  type ReplicatedOptions,
  Replications,
} from "../../../../src/core/results/build/replicated.js";
import type { RunResult, SeedStrata } from "../../../../src/core/results/shape/result.js";
import { measureKey, measureOf, measuresOf } from "../../../../src/core/results/verdict/measures.js";
import { binomialBound } from "../../../../src/core/stats/binomial-interval.js";
import { ruleOfThree } from "../../../../src/core/stats/interval.js";
import type { Beyond } from "../../../../src/core/stats/pooled-quantile.js";
import { ratioEstimate } from "../../../../src/core/stats/ratio.js";
import { varianceMargin } from "../../../../src/core/stats/variance-margin.js";
import { stated } from "../../../support/stated-threshold.js";
import { SMALL_THRESHOLDS, type SmallTier, smallRun } from "../shape/small-runs.js";

const THRESHOLDS = [
  ...SMALL_THRESHOLDS,
  stated("completed_rate{tier:standard}", "rate>0.9"),
  stated("completed_rate{tier:priority}", "rate>0.9"),
];
const MEASURES = measuresOf(
  { tiers: ["standard", "priority"], sources: [], accounts: [], sessions: [] },
  THRESHOLDS.map(({ parsed }) => parsed),
);

/** Of so many attempts, so many are shed. */
const tier = (attempts: number, shed: number): SmallTier => ({
  ttfts: Array.from({ length: attempts - shed }, (_, place) => 1 + place / 100),
  shed,
});
const none = tier(0, 0);

function runsOf(tiers: readonly (readonly [standard: SmallTier, priority: SmallTier])[]): RunResult[] {
  return tiers.map((one, index) => smallRun(`s/${index + 1}`, [...one], { thresholds: THRESHOLDS }));
}

/** Seeds as they come, of which nothing is known besides. */
const PLAIN: ReplicatedOptions = {
  ...{ strata: null, swings: false, requestsPerSquare: {}, worstRun: 1, clusters: {} },
};

function said(
  runs: readonly RunResult[],
  metric: string,
  expression = "rate<1",
  changes: Partial<ReplicatedOptions> = {},
) {
  const options = { ...PLAIN, ...changes };
  const key = measureKey(measureOf(stated(metric, expression).parsed));
  return new Replications(runs, MEASURES, options).at(placesOf(MEASURES).get(key)!);
}

const STRATA: SeedStrata = {
  blocks: [
    {
      candidates: 24,
      strata: [
        { share: 0.75, seeds: ["s/3", "s/1"] },
        { share: 0.25, seeds: ["s/2", "s/4"] },
      ],
    },
  ],
};

describe("replications side by side", () => {
  const runs = runsOf([
    [tier(10, 1), none],
    [tier(20, 4), none],
    [none, tier(5, 0)],
    [tier(10, 0), none],
  ]);

  it("say of a measure what each of them does, also that there is nothing", () => {
    expect(said(runs, "overloaded_rate{tier:standard}").samples).toEqual([
      { value: 0.1, weight: 10 },
      { value: 0.2, weight: 20 },
      { value: null, weight: 0 },
      { value: 0, weight: 10 },
    ]);
  });

  it("have all values of a trend, as many parts as replications", () => {
    const pooled = said(runs, "ttft{tier:standard}", "p(50)<1s").pooled();
    expect(pooled.parts.map(({ ranking, factor }) => [ranking.count, factor])).toEqual([
      [9, 1],
      [16, 1],
      [0, 1],
      [10, 1],
    ]);
    expect(pooled.weight).toBe(35);
  });

  it("rank the values of a trend once, however many quantiles of it are asked for", () => {
    const all = new Replications(runs, MEASURES, PLAIN);
    expect(all.pooledOf("ttft{tier:standard}")).toBe(all.pooledOf("ttft{tier:standard}"));
    expect(all.pooledOf("ttft{tier:nobody}").parts.map(({ ranking }) => ranking.count)).toEqual([0, 0, 0, 0]);
  });

  it("cannot pool a run that did not keep its values", () => {
    const bare = smallRun("s/1", [tier(2, 0), none], { thresholds: THRESHOLDS, isPooled: false });
    const all = new Replications([bare], MEASURES, PLAIN);
    expect(() => all.pooledOf("ttft{tier:standard}")).toThrow("a run that is pooled keeps the values");
  });

  it("stand for as many as their strata say, found by their seeds", () => {
    const all = new Replications(runs, MEASURES, { ...PLAIN, strata: STRATA, swings: true });
    expect(all.factors).toEqual([1.5, 0.5, 1.5, 0.5]);
    expect(all.design).toEqual([
      {
        candidates: 24,
        strata: [
          { share: 0.75, members: [2, 0] },
          { share: 0.25, members: [1, 3] },
        ],
      },
    ]);
    const pooled = said(runs, "ttft{tier:standard}", "p(50)<1s", { strata: STRATA }).pooled();
    expect(pooled.parts.map(({ factor }) => factor)).toEqual([1.5, 0.5, 1.5, 0.5]);
  });

  it("do not mind accounts that swing where strata were chosen for them", () => {
    const swings = (strata: SeedStrata | null) =>
      said(runs, "overloaded_rate{tier:standard}", "rate<1", { swings: true, strata }).swings;
    expect([swings(null), swings(STRATA)]).toEqual([true, false]);
  });
});

describe("the most that a run has", () => {
  const runs = runsOf([
    [tier(10, 1), none],
    [tier(20, 4), none],
  ]);
  /** Where every run has some, no more is plausible than what a run has. */
  const mostOf = ({ mostPlausible }: ReturnType<typeof said>): MostOfRun => ({
    having: mostPlausible(0.5, runs.length, 0.05, "having"),
    lacking: mostPlausible(0.5, runs.length, 0.05, "lacking"),
  });
  const most = (metric: string, expression: string, worstRun: number) =>
    mostOf(said(runs, metric, expression, { worstRun }));

  it("is of what a tier loses, and of what is left of what it completes", () => {
    expect(most("overloaded_rate{tier:standard}", "rate<1", 0.5)).toEqual({ having: 0.5, lacking: 1 });
    expect(most("completed_rate{tier:standard}", "rate>0.9", 0.5)).toEqual({ having: 1, lacking: 0.5 });
  });

  it("is what was seen where that is more than the scenario says", () => {
    expect(most("overloaded_rate{tier:standard}", "rate<1", 0.05)).toEqual({ having: 0.2, lacking: 1 });
    expect(most("completed_rate{tier:standard}", "rate>0.9", 0.05)).toMatchObject({
      lacking: expect.closeTo(0.2, 12),
    });
  });

  it("may be all of a caller's, and of what is neither good nor bad", () => {
    const asked = [
      ["overloaded_rate{source:chat}", "rate<1"],
      ["session_abandon_rate{source:chat}", "rate<1"],
      ["attempts{tier:standard}", "count>1"],
    ] as const;
    const measures = asked.map(([metric, expression]) => measureOf(stated(metric, expression).parsed));
    const all = new Replications(runs, measures, { ...PLAIN, worstRun: 0.05 });
    expect(asked.map((_, index) => mostOf(all.at(index)))).toEqual(
      asked.map(() => ({ having: 1, lacking: 1 })),
    );
  });
});

describe("how rare may be what no replication saw", () => {
  const bound = (
    runs: readonly RunResult[],
    metric: string,
    changes?: Partial<ReplicatedOptions>,
    of: keyof MostOfRun = "having",
  ) => said(runs, metric, "rate<1", changes).mostPlausible(0, 0, 0.05, of);

  it("is by runs where no other tier says how events cluster", () => {
    const runs = runsOf(Array.from({ length: 8 }, () => [tier(400, 0), none]));
    expect(bound(runs, "overloaded_rate{tier:standard}")).toBe(boundOfRuns(0, 8, 1, 0.05));
    expect(bound(runs, "overloaded_rate{tier:standard}", { worstRun: 0.25 })).toBe(
      boundOfRuns(0, 8, 0.25, 0.05),
    );
  });

  it("counts no run in which a tier had nothing", () => {
    const runs = runsOf([
      ...Array.from({ length: 5 }, () => [tier(4, 0), none] as const),
      ...Array.from({ length: 3 }, () => [none, none] as const),
    ]);
    expect(bound(runs, "overloaded_rate{tier:standard}")).toBe(boundOfRuns(0, 5, 1, 0.05));
  });

  const shed = [0, 20, 2, 14, 5, 11, 8, 0];
  const clustered = runsOf(shed.map((count) => [tier(100, count), tier(200, 0)] as const));
  const effectOf = (counts: readonly number[]) => {
    const { value, error } = ratioEstimate(counts.map((count) => ({ value: count / 100, weight: 100 })));
    return error ** 2 / ((value * (1 - value)) / (100 * counts.length));
  };

  it("is by attempts over the effect of clusters where another tier has events on enough runs", () => {
    const effect = effectOf(shed);
    expect(effect).toBeGreaterThan(5);
    const found = bound(clustered, "overloaded_rate{tier:priority}");
    expect(found).toBeCloseTo(ruleOfThree(1600 / effect, 0.95), 12);
    expect(found).toBeLessThan(boundOfRuns(0, 8, 1, 0.05));
    // As if attempts were independent it would be far too low.
    expect(found).toBeGreaterThan(5 * ruleOfThree(1600, 0.95));
  });

  it("is by runs where those say more", () => {
    const few = runsOf(shed.map((count) => [tier(100, count), tier(1, 0)] as const));
    expect(bound(few, "overloaded_rate{tier:priority}")).toBe(boundOfRuns(0, 8, 1, 0.05));
  });

  it("takes no effect for one, and no fewer clusters than attempts", () => {
    // As even as can be: less spread than independent attempts have.
    const even = runsOf(Array.from({ length: 8 }, () => [tier(100, 8), tier(200, 0)] as const));
    expect(bound(even, "overloaded_rate{tier:priority}")).toBe(ruleOfThree(1600, 0.95));
  });

  it("is by runs where events of the other tier are on too few of them to tell", () => {
    const few = runsOf([30, 1, 9, 2, 0, 0, 0, 0].map((count) => [tier(100, count), tier(200, 0)] as const));
    expect(bound(few, "overloaded_rate{tier:priority}")).toBe(boundOfRuns(0, 8, 1, 0.05));
  });

  it("is of what always came the same: the rest is what never did", () => {
    const found = bound(clustered, "completed_rate{tier:priority}", {}, "lacking");
    expect(found).toBeCloseTo(ruleOfThree(1600 / effectOf(shed), 0.95), 12);
    // A run without any attempts is none that lost some.
    const idle = runsOf([...shed.map((count) => [tier(100, count), tier(200, 0)] as const), [none, none]]);
    expect(bound(idle, "completed_rate{tier:priority}", {}, "lacking")).toBe(found);
    // All but one of the other tier's runs were whole, too.
    const few = runsOf([30, 0, 0, 0, 0, 0, 0, 0].map((count) => [tier(100, count), tier(200, 0)] as const));
    expect(bound(few, "completed_rate{tier:priority}", {}, "lacking")).toBe(boundOfRuns(0, 8, 1, 0.05));
  });
});

describe("how common may be what few replications saw", () => {
  const clustered = [0, 20, 2, 14, 5, 11, 8, 0];
  const few = [0, 0, 0, 4, 0, 0, 0, 0];
  const runsWith = (counts: readonly number[], attempts = 400) =>
    runsOf(clustered.map((count, index) => [tier(100, count), tier(attempts, counts[index]!)] as const));
  const most = (
    counts: readonly number[],
    share: number,
    runs: number,
    changes?: Partial<ReplicatedOptions>,
  ) =>
    said(runsWith(counts), "overloaded_rate{tier:priority}", "rate<1", changes).mostPlausible(
      ...([share, runs, 0.05, "having"] as const),
    );
  const effectOf = (counts: readonly number[], attempts: number) =>
    clusteringOf(
      counts.map((count) => ({ value: count / attempts, weight: attempts })),
      [],
      0,
    )!.effect;
  // Of the other tier, and of both together.
  const effect = Math.max(
    effectOf(clustered, 100),
    effectOf(
      clustered.map((count, index) => count + few[index]!),
      500,
    ),
  );

  it("is by attempts over the effect of clusters, where fewer than five runs have any", () => {
    const trials = 3200 / effect;
    const found = most(few, 4 / 3200, 1);
    expect(found).toBeCloseTo(binomialBound((4 / 3200) * trials, trials, 0.05), 12);
    expect(found).toBeLessThan(boundOfRuns(1, 8, 1, 0.05));
  });

  it("is by runs where more have some: these say by themselves how far they differ", () => {
    expect(most(few, 4 / 3200, 5)).toBe(boundOfRuns(5, 8, 1, 0.05));
  });

  it("is by attempts even so where runs of the like at another size are known, and by its own effect if that is more", () => {
    const own = [9, 1, 30, 2, 0, 0, 25, 5];
    const key = "overloaded_rate{tier:priority,per:attempt} rate";
    const share = 72 / 3200;
    expect(most(own, share, 6)).toBe(boundOfRuns(6, 8, 1, 0.05));
    const bound = (of: number) => binomialBound((share * 3200) / of, 3200 / of, 0.05);
    const ownEffect = effectOf(own, 400);
    expect(most(own, share, 6, { clusters: { [key]: { effect: 1, share: 0.1 } } })).toBeCloseTo(
      bound(ownEffect),
      12,
    );
    const larger = 2 * ownEffect;
    expect(most(own, share, 6, { clusters: { [key]: { effect: larger, share: 0.1 } } })).toBeCloseTo(
      bound(larger),
      12,
    );
  });

  it("takes the largest effect that is known, also from runs of the like at another size", () => {
    const clusters = {
      "overloaded_rate{tier:priority,per:attempt} rate": { effect: 3 * effect, share: 0.1 },
    };
    const trials = 3200 / (3 * effect);
    expect(most(few, 4 / 3200, 1, { clusters })).toBeCloseTo(
      Math.min(boundOfRuns(1, 8, 1, 0.05), binomialBound((4 / 3200) * trials, trials, 0.05)),
      12,
    );
    const less = {
      "overloaded_rate{tier:priority,per:attempt} rate": { effect: effect / 3, share: 0.1 },
    };
    expect(most(few, 4 / 3200, 1, { clusters: less })).toBe(most(few, 4 / 3200, 1));
    const other = { "overloaded_rate{tier:standard,per:attempt} rate": { effect: 99, share: 0.1 } };
    expect(most(few, 4 / 3200, 1, { clusters: other })).toBe(most(few, 4 / 3200, 1));
  });
});

describe("whether a few requests are so long that they decide", () => {
  const runs = (requests: number) =>
    [1, 2].map(() => ({
      ...smallRun("s/1", [tier(3, 0), none], { thresholds: THRESHOLDS }),
      sources: [
        { source: "many", requests: { offered: 1e6 } },
        { source: "few", requests: { offered: requests } },
      ],
    })) as unknown as RunResult[];
  const isHeavyTailed = (requestsPerSquare: Record<string, number>, requests = 6000) =>
    said(runs(requests), "overloaded_rate{tier:standard}", "rate<1", { requestsPerSquare }).isHeavyTailed;

  it("depends on how many requests of a source there are for each that counts", () => {
    expect([1, 100, 120, 121, 8000].map((few) => isHeavyTailed({ few }))).toEqual([
      ...[false, false, false, true, true],
    ]);
    // Those of another source do not make up for them.
    expect(isHeavyTailed({ many: 1, few: 8000 })).toBe(true);
    expect(isHeavyTailed({ many: 8000 })).toBe(false);
  });

  it("never is where lengths are spread no more than usual, however few requests there are", () => {
    expect(isHeavyTailed({ few: 99 }, 3)).toBe(false);
    expect(isHeavyTailed({}, 3)).toBe(false);
  });
});

describe("the clusters that replications show", () => {
  const ATTEMPTS = 100;
  const clustered = [0, 20, 2, 14, 5, 11, 8, 0];
  const effectOf = (counts: readonly number[], of = ATTEMPTS) =>
    clusteringOf(
      counts.map((count) => ({ value: count / of, weight: of })),
      [],
      0,
    )!.effect;
  const shown = (counts: readonly number[], strata: SeedStrata | null = null) => {
    const runs = runsOf(counts.map((count) => [tier(ATTEMPTS, count), none] as const));
    const options = { ...PLAIN, strata };
    return new Replications(runs, MEASURES, options).clusters([]);
  };
  const SHED_RATE = "overloaded_rate{tier:standard,per:attempt} rate";

  it("are of shares that have events enough, by the keys of their measures", () => {
    const effect = { effect: expect.closeTo(effectOf(clustered), 9), share: expect.closeTo(60 / 800, 9) };
    const found = shown(clustered);
    expect(found).toMatchObject({
      [SHED_RATE]: effect,
      "completed_rate{tier:standard,per:attempt} rate": effect,
    });
    expect(Object.keys(found).filter((key) => !/_rate\{/.test(key))).toEqual([]);
    expect(shown([30, 1, 9, 2, 0, 0, 0, 0])).toEqual({});
  });

  it("go by strata where the seeds were chosen so", () => {
    const shares = [
      ["s/1", "s/3", "s/5", "s/8"],
      ["s/2", "s/4", "s/6", "s/7"],
    ];
    const strata = shares.map((seeds, index) => ({ share: [0.9, 0.1][index]!, seeds }));
    const found = shown(clustered, { blocks: [{ candidates: 96, strata }] });
    expect(found[SHED_RATE]!.effect).toBeLessThan(shown(clustered)[SHED_RATE]!.effect);
  });

  describe("of values that a threshold on a quantile does not allow", () => {
    // Values of 100 attempts, none of them shed: 1.00, 1.01, ... 1.99; so many of them moved up or down by 10.
    const moved = (by: number) =>
      clustered.map((count): readonly [SmallTier, SmallTier] => [
        {
          ttfts: tier(ATTEMPTS, 0).ttfts.map((value, place) => (place < count ? value + by : value)),
          shed: 0,
        },
        none,
      ]);
    const ask = (expression: string, by: number, clusters = {}) => {
      const { parsed } = stated("ttft{tier:standard}", expression);
      const options = { ...PLAIN, clusters };
      const replications = new Replications(runsOf(moved(by)), MEASURES, options);
      const index = placesOf(MEASURES).get(
        measureKey(measureOf(stated("ttft{tier:standard}", "p(99)<9s").parsed)),
      )!;
      const { mostBeyond } = replications.at(index, parsed);
      return { found: replications.clusters([parsed]), mostBeyond, key: beyondKey(parsed) };
    };

    it("are of those above where it is bounded above, and of those below where it is not", () => {
      const above = ask("p(99)<9s", 10);
      expect(above.found[above.key]!.effect).toBeCloseTo(effectOf(clustered), 9);
      const below = ask("p(1)>0.5s", -0.9);
      expect(below.found[below.key]!.effect).toBeCloseTo(
        effectOf(clustered.map((count) => Math.min(count, 40))),
        9,
      );
      expect(ask("avg<9s", 10).found).toEqual({});
    });

    it("say how many may lie there, and farther out, where nothing does", () => {
      const samples = clustered.map(() => ({ value: 0, weight: ATTEMPTS }));
      const effect = 4;
      const { mostBeyond, key } = ask("p(99)<9s", 0, {});
      const told = ask("p(99)<9s", 0, { [key]: { effect, share: 0.1 } }).mostBeyond;
      const bound = (beyond: Beyond, of = told) => of(samples, 0, 0, 0.05, beyond);
      const byRuns = boundOfRuns(0, 8, 1, 0.05);
      expect(bound({ side: "above", end: 9 })).toBeCloseTo(ruleOfThree(800 / effect, 0.95), 12);
      expect(bound({ side: "above", end: 12 })).toBe(bound({ side: "above", end: 9 }));
      // The runs have values up to 1.99, so that what lies above 8 lies above 9, too.
      expect(bound({ side: "above", end: 8 })).toBe(bound({ side: "above", end: 9 }));
      const some = clustered.map((count) => ({ value: count / ATTEMPTS, weight: ATTEMPTS }));
      expect(told(some, 0, 0, 0.05, { side: "above", end: 1.5 })).toBe(byRuns);
      // Else by how values beyond the quantile itself cluster: one of each run is, so that they are independent as far
      // as eight runs tell.
      const asTheQuantile = ruleOfThree(800 / varianceMargin(7), 0.95);
      expect(bound({ side: "above", end: 9 }, mostBeyond)).toBeCloseTo(asTheQuantile, 12);
      expect(told(samples, 0, 0, 0.05, { side: "below", end: 1 })).toBeCloseTo(asTheQuantile, 12);
      expect(mostBeyond(samples, 0, 5, 0.05, { side: "above", end: 9 })).toBe(boundOfRuns(5, 8, 1, 0.05));
    });

    it("are at least those that are seen here", () => {
      const { key } = ask("p(99)<9s", 10);
      const { mostBeyond } = ask("p(99)<9s", 10, { [key]: { effect: 1, share: 0.1 } });
      const samples = clustered.map((count) => ({ value: count / ATTEMPTS, weight: ATTEMPTS }));
      const trials = 800 / effectOf(clustered);
      expect(mostBeyond(samples, 60 / 800, 6, 0.05, { side: "above", end: 9 })).toBeCloseTo(
        binomialBound((60 / 800) * trials, trials, 0.05),
        12,
      );
    });
  });
});

describe("which rates say how events of another cluster", () => {
  const clusters = [0, 20, 2, 14, 5, 11, 8, 0].map((count) => count / 100);
  const boundBeside = (asked: string, beside: string) => {
    const measures = [asked, beside].map((metric) => measureOf(stated(metric, "rate<1").parsed));
    const runs = clusters.map((value, index) => {
      const one = { seed: `s/${index + 1}`, values: [0, value], weights: [200, 100] };
      return { replications: [one] } as unknown as RunResult;
    });
    return new Replications(runs, measures, PLAIN).at(0).mostPlausible(0, 0, 0.05, "having");
  };
  const byRuns = boundOfRuns(0, 8, 1, 0.05);

  it.each([
    ["overloaded_rate{tier:priority}", "overloaded_rate{tier:standard}"],
    ["overloaded_rate{source:chat}", "overloaded_rate{source:agents}"],
    ["overloaded_rate{account:chat-1}", "overloaded_rate{account:chat-2}"],
    ["session_abandon_rate{source:chat}", "session_abandon_rate{source:agents}"],
  ])("%s: those of %s", (asked, beside) => {
    const bound = boundBeside(asked, beside);
    expect(bound).toBeLessThan(byRuns);
    expect(bound).toBeGreaterThan(5 * ruleOfThree(1600, 0.95));
  });

  it.each([
    // Slices by something else share its callers, or some of them.
    ["overloaded_rate{tier:priority}", "overloaded_rate{source:agents}"],
    ["overloaded_rate{source:chat}", "overloaded_rate{account:chat-1}"],
    ["overloaded_rate{source:chat}", "overloaded_rate{tier:standard}"],
    ["overloaded_rate{tier:priority}", "rate_limited_rate{tier:standard}"],
    ["overloaded_rate{tier:priority,per:attempt}", "overloaded_rate{tier:standard,per:request}"],
  ])("%s: not those of %s", (asked, beside) => {
    expect(boundBeside(asked, beside)).toBe(byRuns);
  });
});

// What is given up for what: the points, their intervals, which of them are efficient, and the ends of pools.
import { describe, expect, it } from "vitest";
import { answeredQuestions } from "../../../../src/core/results/verdict/answers.js";
import { rankEndsOf, tradeOffsOf } from "../../../../src/core/results/verdict/trade-offs.js";
import { change, comparison } from "./changes.js";

const SHED = "overloaded_rate{tier:standard,per:attempt}";
const WAIT = "ttft{tier:priority}";
const P99 = { aggregation: "p(99)", unit: "seconds" } as const;
const ENDS = { highest: "priority", lowest: "standard" };
/** As it would be where there are several tiers: else one of all is that of the only one. */
const OTHERS = [
  change("overloaded_rate{tier:priority,per:attempt}", 0, 0),
  change("ttft{tier:standard}", 1, 1, P99),
];

/** Shed of the lowest tier and wait of the highest, by side; the first is what others are compared with. */
function sides(first: readonly [number, number], ...others: readonly (readonly [number, number])[]) {
  const changes = others.map(([shed, wait]) =>
    comparison([change(SHED, first[0], shed), change(WAIT, first[1], wait, P99), ...OTHERS]),
  );
  return tradeOffsOf(answeredQuestions(changes), [ENDS]);
}

describe("a trade-off", () => {
  it("holds what is shed of the lowest rank against how long the highest waits", () => {
    const [found, ...rest] = sides([0.1, 2], [0.2, 1]);
    expect(rest).toEqual([]);
    expect([found!.across.metric, found!.up.metric]).toEqual([SHED, WAIT]);
    expect(found!.points.map(({ side, across, up }) => [side, across.value, up.value])).toEqual([
      [0, 0.1, 2],
      [1, 0.2, 1],
    ]);
  });

  it("holds what is shed of the lowest rank against how long the rest of it waits, too", () => {
    const changes = [change(SHED, 0.1, 0.2), change("ttft{tier:standard}", 3, 2, P99), OTHERS[0]!];
    const found = tradeOffsOf(answeredQuestions([comparison([...changes, change(WAIT, 2, 1, P99)])]), [ENDS]);
    expect(found.map(({ across, up }) => [across.metric, up.metric])).toEqual([
      [SHED, WAIT],
      [SHED, "ttft{tier:standard}"],
    ]);
  });

  it("holds goodput against every metric of fairness", () => {
    const more = { aggregation: "value", unit: "tokens_per_second", better: "higher" } as const;
    const index = { aggregation: "value", unit: "ratio", better: "higher" } as const;
    const changes = ["standard", "all"].flatMap((tier) => [
      change(`goodput{tier:${tier}}`, 100, 120, more),
      change(`worst_account_overloaded_rate{tier:${tier}}`, 0.1, 0.2),
      change(`max_min_fairness{tier:${tier}}`, 0.9, 0.8, index),
    ]);
    const found = tradeOffsOf(answeredQuestions([comparison(changes)]), [ENDS]);
    expect(found.map(({ across, up }) => [across.metric, up.metric])).toEqual([
      ["goodput{tier:all}", "worst_account_overloaded_rate{tier:all}"],
      ["goodput{tier:all}", "max_min_fairness{tier:all}"],
    ]);
  });

  it("has the interval of the difference around each point but the first, inside of what values there are", () => {
    const [found] = sides([0.5, 2], [0.1, 1], [1, 3]);
    const [first, second, third] = found!.points;
    expect([first!.across.low, first!.up.high]).toEqual([null, null]);
    expect([second!.across.low, second!.across.high]).toEqual([
      expect.closeTo(0.06, 9),
      expect.closeTo(0.14, 9),
    ]);
    // A share of more than one there is not.
    expect([third!.across.low, third!.across.high]).toEqual([expect.closeTo(0.95, 9), 1]);
  });

  it.each([
    [
      "each is better in one",
      [
        [0.1, 2],
        [0.2, 1],
      ],
      [true, true],
    ],
    [
      "one is better in both",
      [
        [0.1, 1],
        [0.2, 2],
      ],
      [true, false],
    ],
    [
      "one is better in one and as good in the other",
      [
        [0.1, 1],
        [0.1, 2],
        [0.2, 1],
      ],
      [true, false, false],
    ],
    [
      "two are equal",
      [
        [0.1, 1],
        [0.1, 1],
        [0.2, 2],
      ],
      [true, true, false],
    ],
  ] as const)("is efficient where no other is better: %s", (_, points, efficient) => {
    const [first, ...others] = points;
    expect(sides(first, ...others)[0]!.points.map(({ isEfficient }) => isEfficient)).toEqual(efficient);
  });

  it("knows which way of an axis is better", () => {
    const higher = { aggregation: "value", unit: "tokens_per_second", better: "higher" } as const;
    const more = (tier: string, after: number) => change(`goodput{tier:${tier}}`, 100, after, higher);
    const found = tradeOffsOf(
      answeredQuestions([
        comparison([more("standard", 120), more("all", 120), change(WAIT, 2, 1, P99), ...OTHERS]),
      ]),
      [ENDS],
    );
    const [goodput] = found.filter(({ across }) => across.name === "goodput");
    expect(goodput!.across.tier).toBe("all");
    expect(goodput!.points.map(({ isEfficient }) => isEfficient)).toEqual([false, true]);
  });

  it("says of an axis whether some side differs from the first beyond chance", () => {
    const of = (verdict: "better" | "unclear" | "same") =>
      tradeOffsOf(
        answeredQuestions([
          comparison([change(SHED, 0.1, 0.2), change(WAIT, 2, 1, { ...P99, verdict }), ...OTHERS]),
        ]),
        [ENDS],
      ).map(({ across, up }) => [across.isTold, up.isTold]);
    expect([of("better"), of("unclear"), of("same")]).toEqual([
      [[true, true]],
      [[true, false]],
      [[true, false]],
    ]);
  });

  it("is left out where all sides are the same along an axis, or have no data there", () => {
    expect(sides([0.1, 2], [0.1, 1])).toEqual([]);
    expect(sides([0.1, 2], [0.2, 2])).toEqual([]);
    const none = [comparison([change(SHED, 0.1, 0.2), ...OTHERS]), comparison([change(WAIT, 1, 2, P99)])];
    expect(tradeOffsOf(answeredQuestions(none), [ENDS])).toEqual([]);
  });

  it("is of all tiers where no ranks are known, and of the only tier where there is one", () => {
    const all = [
      change("overloaded_rate{tier:all,per:attempt}", 0.1, 0.2),
      change("ttft{tier:all}", 2, 1, P99),
    ];
    const of = (changes: Parameters<typeof comparison>[0]) =>
      tradeOffsOf(answeredQuestions([comparison(changes)]), []).map(({ across, up }) => [
        across.tier,
        up.tier,
      ]);
    expect(of([...all, ...OTHERS])).toEqual([["all", "all"]]);
    expect(of([change(SHED, 0.1, 0.2), change("ttft{tier:standard}", 2, 1, P99)])).toEqual([
      ["standard", "standard"],
    ]);
  });
});

describe("the ends of pools", () => {
  const PATHS = {
    standard: { pool: "shared", rank: 2 },
    batch: { pool: "shared", rank: 2 },
    middle: { pool: "shared", rank: 1 },
    priority: { pool: "shared", rank: 0 },
    fast: { pool: "fast", rank: 0 },
    idle: { pool: "idle", rank: 0 },
  };
  const ATTEMPTS: Readonly<Record<string, number>> = {
    standard: 5,
    batch: 7,
    middle: 1,
    priority: 2,
    fast: 3,
  };

  it("are the first and the last rank that is asked for, by the path that is asked most", () => {
    expect(rankEndsOf(PATHS, (path) => ATTEMPTS[path] ?? 0)).toEqual([
      { highest: "priority", lowest: "batch" },
      { highest: "fast", lowest: "fast" },
    ]);
    const unasked = { ...ATTEMPTS, priority: 0 };
    expect(rankEndsOf(PATHS, (path) => unasked[path as keyof typeof unasked] ?? 0)[0]!.highest).toBe(
      "middle",
    );
  });
});

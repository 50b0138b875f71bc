// What limits may say: what they stand for where it is right, and one mistake at a time where it is not.
import { describe, expect, it, test } from "vitest";
import { loaded, problems, SMALL } from "./scenarios.js";

const limits = (text: string) => `${SMALL}limits: ${text}\n`;
const resolved = (text: string) => loaded(limits(text)).limits;

describe("limits", () => {
  it("are buckets unless all of them or one of them is said to be of another kind", () => {
    const text =
      "{ window: sliding, requests: 60/min, promptTokens: { rate: 60/min, window: bucket, burst: 5 } }";
    expect(resolved(text)).toEqual({
      requests: { rate: 1, burst: 60, scope: "account", window: "sliding" },
      promptTokens: { rate: 1, burst: 5 },
      outputAccounting: "post-charge",
      chargeShed: false,
    });
  });

  it("have soft shares, attempts under way, a ramp and limits of paths, by the kind and burst of all", () => {
    const text =
      "{ concurrency: 5, ramp: {}, promptTokens: { rate: 60/min, soft: 80% }, burst: 30s, paths: { priority: { requests: 6/min } } }";
    expect(resolved(text)).toMatchObject({
      concurrency: { most: 5, scope: "account" },
      ramp: { from: 1e6 / 60, growth: 0.5, per: 15 * 60e6 },
      promptTokens: { rate: 1, burst: 30, soft: 0.8 },
      paths: { priority: { requests: { rate: 0.1, burst: 3 } } },
    });
    expect(resolved("{ concurrency: { most: 5, scope: model } }")).toMatchObject({
      concurrency: { most: 5, scope: "model" },
    });
  });

  it("grow to a multiple of themselves, or up to a preset", () => {
    const text = (ceiling: string) => `{ preset: fireworks-start, adaptive: { ${ceiling} } }`;
    expect(resolved(text(""))).toMatchObject({
      adaptive: {
        growPerMinute: 0.2,
        useThreshold: 0.8,
        shrinkHalfLife: 30 * 60e6,
        softFactor: 1,
        hardFactor: 2,
      },
      requests: { ceiling: 24 },
      generatedTokens: { ceiling: 24 },
    });
    expect(resolved(text("ceiling: fireworks-t2"))).toMatchObject({
      requests: { ceiling: 1 },
      promptTokens: { ceiling: 6 },
    });
    // What a preset does not limit grows without end.
    expect(resolved(text("ceiling: fireworks-unlimited"))?.promptTokens).not.toHaveProperty("ceiling");
  });
});

test.each<[string, string, RegExp]>([
  ["an unknown kind", "{ window: hourly }", /window: "hourly" is not bucket, sliding or fixed/],
  [
    "a burst of a window",
    "{ requests: { rate: 6/min, window: fixed, burst: 3 } }",
    /:17:51 limits.requests.burst: only window: bucket uses this/,
  ],
  [
    "a burst where all are windows",
    "{ window: sliding, promptTokens: { rate: 6/min, burst: 3 } }",
    /limits.promptTokens.burst: only window: bucket uses this/,
  ],
  [
    "a burst of a path's window",
    "{ window: sliding, paths: { priority: { requests: { rate: 6/min, burst: 3 } } } }",
    /limits.paths.priority.requests.burst: only window: bucket uses this/,
  ],
  [
    "a common burst that no limit has",
    "{ window: fixed, requests: 6/min, burst: 30s }",
    /:17:43 limits.burst: only window: bucket uses this/,
  ],
  [
    "a window that never holds one",
    "{ requests: { rate: 50/h, window: fixed } }",
    /:17:21 limits.requests: a fixed window of a minute would never hold one: state at least 1\/min/,
  ],
  [
    "a path's window that never holds one",
    "{ window: sliding, paths: { priority: { promptTokens: 1/h } } }",
    /limits.paths.priority.promptTokens: a sliding window of a minute/,
  ],
  [
    "a soft share above all of it",
    "{ requests: { rate: 6/min, soft: 120% } }",
    /soft: "120%" is out of range/,
  ],
  ["a soft share of nothing", "{ requests: { rate: 6/min, soft: 0 } }", /soft: 0 is out of range/],
  [
    "a soft share of a limit that grows",
    "{ requests: { rate: 6/min, soft: 80% }, adaptive: {} }",
    /:17:36 limits.requests.soft: adaptive limits have softFactor and hardFactor for this/,
  ],
  ["nothing that grows", "{ concurrency: 4, adaptive: {} }", /adaptive: there is no limit that could grow/],
  [
    "a ceiling below the floor",
    "{ requests: 6/min, adaptive: { ceiling: 0.5 } }",
    /adaptive.ceiling: 0.5 is out of range/,
  ],
  [
    "the ceiling of a preset below the floor",
    "{ promptTokens: 8M/min, adaptive: { ceiling: fireworks-t1 } }",
    /:17:54 limits.adaptive.ceiling: is below the stated limit of promptTokens, from which it grows/,
  ],
  [
    "an unknown preset as a ceiling",
    "{ requests: 6/min, adaptive: { ceiling: fireworks-t9 } }",
    /ceiling: "fireworks-t9" is not fireworks-start, .*\(did you mean "fireworks-t1"\?\)/,
  ],
  [
    "a soft factor above the hard one",
    "{ requests: 6/min, adaptive: { softFactor: 3 } }",
    /:17:52 limits.adaptive.softFactor: a soft limit is at most the hard one \(hardFactor: 2\)/,
  ],
  ["no growth", "{ requests: 6/min, adaptive: { growPerMinute: 0 } }", /growPerMinute: 0 is out of range/],
  ["no half-life", "{ requests: 6/min, adaptive: { shrinkHalfLife: 1s } }", /shrinkHalfLife: "1s" is out of/],
  ["a ramp without growth", "{ ramp: { growth: 0 } }", /ramp.growth: 0 is out of range/],
  ["a ramp over parts of minutes", "{ ramp: { per: 90s } }", /ramp.per: 90s is no whole number of minutes/],
  ["a ramp over hours", "{ ramp: { per: 2h } }", /ramp.per: "2h" is out of range/],
  ["nothing under way", "{ concurrency: 0 }", /concurrency: 0 is out of range/],
  [
    "limits of no path",
    "{ paths: { prioritty: { requests: 6/min } } }",
    /:17:20 limits.paths.prioritty: there is no path "prioritty" \(did you mean "priority"\?\)/,
  ],
  [
    "a path that is limited in nothing",
    "{ paths: { priority: {} } }",
    /limits.paths.priority: limits nothing/,
  ],
  [
    "a scope of a path's limit",
    "{ paths: { priority: { requests: { rate: 6/min, scope: model } } } }",
    /limits.paths.priority.requests.scope: unknown key "scope"/,
  ],
  [
    "an output that no minute holds",
    "{ window: fixed, generatedTokens: 1k/min, outputAccounting: reserve-expected, expectedOutput: 1001 }",
    /expectedOutput: .* charges 1001 at once, more than the minute of generatedTokens \(1000\) ever holds/,
  ],
  [
    "a hard limit whose window holds none",
    "{ requests: { rate: 6/min, window: fixed }, adaptive: { softFactor: 0.1, hardFactor: 0.1 } }",
    /limits.requests: a fixed window of a minute would never hold one under hardFactor: 0.1/,
  ],
  [
    "a hard limit whose bucket holds none",
    "{ requests: 6/min, adaptive: { softFactor: 0.1, hardFactor: 0.1 } }",
    /limits.requests: a bucket would never hold one under hardFactor: 0.1/,
  ],
  [
    "an output that a limit of a path never holds",
    "{ paths: { priority: { generatedTokens: 100/min } }, outputAccounting: reserve-max }",
    /traffic.agents.maxOutput: .* more than the burst of generatedTokens on path priority \(100\) ever holds/,
  ],
])("%s is told as that", (_, text, problem) => {
  expect(problems(limits(text))).toEqual([expect.stringMatching(problem)]);
});

test("an output that the hard limit of a growing one holds is taken", () => {
  const text = (most: number) =>
    `{ generatedTokens: 1k/min, adaptive: {}, outputAccounting: reserve-expected, expectedOutput: ${most} }`;
  expect(problems(limits(text(2000)))).toEqual([]);
  expect(problems(limits(text(2001)))).toEqual([expect.stringContaining("(2000) ever holds")]);
});

test("a limit of a path does not grow, and says nothing of traffic that goes elsewhere", () => {
  const own = "paths: { priority: { generatedTokens: 1k/min } }";
  const text = `limits: { ${own}, requests: 6/min, adaptive: {}, outputAccounting: reserve-max }`;
  const asks = (most: number, mix: string) =>
    `${SMALL.replace("{ standard: 90%, priority: 10% }", mix)}    maxOutput: ${most}\n${text}\n`;
  expect(problems(asks(1001, "{ standard: 100% }"))).toEqual([]);
  expect(problems(asks(1001, "{ priority: 100% }"))).toEqual([expect.stringContaining("(1000) ever holds")]);
  expect(problems(asks(1000, "{ priority: 100% }"))).toEqual([]);
});

test.each([
  ["limit", "", "there are no limits"],
  ["limit, outage", "", undefined],
  ["limit, soft-limit", "limits: { requests: 6/min }", undefined],
  ["limit", "limits: { requests: 6/min }", undefined],
  [
    "soft-limit",
    "limits: { requests: 6/min }",
    "no limit is soft here: state `soft` with one, or limits.adaptive",
  ],
  ["soft-limit", "limits: { requests: { rate: 6/min, soft: 50% } }", undefined],
  ["soft-limit", "limits: { paths: { priority: { requests: { rate: 6/min, soft: 50% } } } }", undefined],
  ["soft-limit", "limits: { requests: 6/min, adaptive: {} }", undefined],
  [
    "soft-limit",
    "limits: { requests: 6/min, adaptive: { softFactor: 2 } }",
    "no limit is soft here: state `soft`",
  ],
])("a detour on %s beside %j is for what there may be", (cause, limited, problem) => {
  const instead = `rank: 0, instead: [{ demote: standard, on: [${cause}] }] }`;
  const text = `${SMALL.replace("pool: shared, rank: 0 }", `pool: shared, ${instead}`)}${limited}\n`;
  const expected = `paths.priority.instead.0.on: ${problem}`;
  expect(problems(text)).toEqual(problem === undefined ? [] : [expect.stringContaining(expected)]);
});

test("all mistakes are told at once", () => {
  const text = "{ window: fixed, burst: 3s, requests: { rate: 6/min, burst: 2 }, paths: { no: {} } }";
  expect(problems(limits(text))).toEqual([
    expect.stringContaining("limits.burst: only"),
    expect.stringContaining("limits.requests.burst: only"),
    expect.stringContaining("limits.paths.no: there is no path"),
  ]);
});

describe("quotas", () => {
  it("are of the account for requests and of the model for tokens, in UTC, unless they say otherwise", () => {
    const all = [
      "{ of: requests, most: 250, per: day, zone: -08:00 }",
      "{ of: promptTokens, most: 1M, per: month }",
      "{ of: requests, most: 9, per: hour, scope: model }",
    ];
    const ofPath = "paths: { priority: { quotas: [{ of: promptTokens, most: 5, per: day }] } }";
    expect(
      resolved(`{ quotas: [${all.join(", ")}], startsAt: "2026-11-30T08:00Z", ${ofPath} }`),
    ).toMatchObject({
      quotas: [
        { of: "requests", most: 250, per: "day", zone: -8 * 3600e6, scope: "account" },
        { of: "promptTokens", most: 1e6, per: "month", zone: 0, scope: "model" },
        { of: "requests", most: 9, per: "hour", zone: 0, scope: "model" },
      ],
      startsAt: Date.UTC(2026, 10, 30, 8) / 1000,
      paths: { priority: { quotas: [{ scope: "account" }] } },
    });
  });

  const quota = "{ of: requests, most: 5, per: day }";
  it.each([
    ["{ quotas: [] }", "limits.quotas: the list is empty"],
    ["{ quotas: [{ of: requests, most: 0, per: day }] }", "limits.quotas.0.most: 0 is out of range"],
    ["{ quotas: [{ of: calls, most: 5, per: day }] }", 'limits.quotas.0.of: "calls" is not requests'],
    [
      "{ quotas: [{ of: requests, most: 5, per: week }] }",
      'limits.quotas.0.per: "week" is not hour, day or month',
    ],
    [
      "{ quotas: [{ of: requests, most: 5, per: day, zone: PST }] }",
      'limits.quotas.0.zone: "PST" is not a time zone',
    ],
    [`{ quotas: [${quota}], startsAt: "2026-02-30" }`, 'limits.startsAt: "2026-02-30" is no day'],
    ['{ requests: 60/min, startsAt: "2026-02-20" }', "limits.startsAt: only quotas go by the calendar"],
    [`{ quotas: [${quota}], burst: 3s }`, "limits.burst: there is no limit that it is of"],
    [
      "{ paths: { priority: { quotas: [{ of: requests, most: 5, per: day, scope: model }] } } }",
      "limits.paths.priority.quotas.0.scope: unknown key",
    ],
    [
      "{ outputAccounting: reserve-max, quotas: [{ of: generatedTokens, most: 30k, per: day }] }",
      "limits.quotas.0.most: reserve-max charges 32000 at once: every request would get a 429",
    ],
    [
      "{ outputAccounting: reserve-expected, expectedOutput: 200, " +
        "paths: { priority: { quotas: [{ of: generatedTokens, most: 100, per: hour }] } } }",
      "limits.paths.priority.quotas.0.most: reserve-expected charges 200 at once",
    ],
  ])("%s is told at its place", (text, problem) => {
    expect(problems(limits(text))).toEqual([expect.stringContaining(problem)]);
  });

  it.each(["chargeShed: true", "outputAccounting: reserve-max", 'startsAt: "2026-02-20"'])(
    "are what %s is of, where there is nothing else",
    (key) => {
      expect(problems(limits(`{ quotas: [{ of: generatedTokens, most: 50k, per: day }], ${key} }`))).toEqual(
        [],
      );
    },
  );
});

import { describe, expect, it } from "vitest";
import type { Change } from "../../../../src/core/index.js";
import type { Regressions } from "../../../../src/core/internal.js";
import { PLAIN } from "../../../../src/core/report/text/style.js";
import type { CheckedScenario, CheckReport } from "../../../../src/node/ci/checked.js";
import { githubAnnotations } from "../../../../src/node/ci/github.js";
import { junitXml } from "../../../../src/node/ci/junit.js";
import { checkLines } from "../../../../src/node/ci/lines.js";
import { checkMarkdown } from "../../../../src/node/ci/markdown.js";
import { runResult } from "../../../support/run-result.js";

/** Names that try to end whatever they stand in. */
const hostile = (name: string): CheckedScenario => ({
  path: `${name}.yaml`,
  name,
  result: runResult({
    thresholds: [
      {
        metric: `ttft{tier:${name}}`,
        expression: "p(50)<1s",
        bound: { operator: "<", value: 1, unit: "seconds" },
        verdict: "fail",
        observed: 2,
        low: 1.5,
        high: 2.5,
        n: 4,
        method: "replications",
      },
    ],
  }),
  aborted: false,
  seconds: 1,
  places: [{ file: `${name}.yaml`, line: 3, column: 5 }],
  notes: [],
  against: undefined,
});

const report = (checked: readonly CheckedScenario[], rest: Partial<CheckReport> = {}): CheckReport => ({
  ...{ checked, unchecked: [], orphans: [], allowUndecided: false },
  ...rest,
});

const AGAINST: Regressions = {
  ...{ regressions: [], improvements: [], compared: 2, unseen: null, vanished: [], notCompared: [] },
  ...{ paired: true, isCopies: false, changedInputs: [], otherWindow: null },
};

const CHANGE: Change = {
  ...{
    metric: "ttft{tier:standard}",
    aggregation: "p(99)",
    unit: "seconds",
    better: "lower",
    verdict: "worse",
  },
  ...{ before: 1, after: 2, difference: 1, low: 0.5, high: 1.5, p: 0.001, adjusted: 0.004, n: 8 },
};

describe("names that mean harm", () => {
  it("end no workflow command", () => {
    const text = githubAnnotations(report([hostile("a\n::error::b,line=9::")]));
    expect(text.split("\n")).toHaveLength(2);
    expect(text).toMatch(/^::error file=a%0A%3A%3Aerror%3A%3Ab%2Cline=9%3A%3A\.yaml,line=3,col=5,/);
  });

  it("are no markup in XML, and nothing that XML cannot hold", () => {
    const xml = junitXml(report([hostile('<a b="c">&\u0001')]));
    expect(xml).toContain('classname="&lt;a b=&quot;c&quot;>&amp;\\u0001"');
    expect(xml.replaceAll(/<!\[CDATA\[.*?\]\]>/g, "")).not.toContain("<a b");
    expect(xml).not.toContain("\u0001");
  });

  it.each([
    ["XML", junitXml],
    ["Markdown", checkMarkdown],
    ["GitHub's annotations", githubAnnotations],
  ])("cannot hide, nor turn the direction of writing, in %s", (_, print) => {
    const text = print(report([hostile("ev\u202eil\u200b\u001b[31m\u009b2J")]));
    expect(text).toMatch(/ev\\+u202eil/);
    expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it("are no markup in Markdown, and end no cell", () => {
    const text = checkMarkdown(report([hostile("a|b`c\n# d<img src=x>")]));
    expect(text).not.toMatch(/^# d/m);
    expect(text.split("\n").filter((line) => line.startsWith("| ❌"))).toHaveLength(1);
    expect(text).toContain("\\<img src=x\\>");
  });
});

it("the Markdown of a check has its thresholds in a table, in columns that align as text too", () => {
  const [first] = hostile("fleet").result.thresholds;
  const second = { ...first!, metric: "ttft{tier:速い}", verdict: "pass" as const };
  const result = runResult({ thresholds: [first!, second] });
  expect(
    checkMarkdown(report([{ ...hostile("fleet"), result }]))
      .split("\n")
      .slice(4, 8),
  ).toMatchInlineSnapshot(`
    [
      "| verdict | threshold                     | observed             |",
      "| ------- | ----------------------------- | -------------------- |",
      "| ❌ fail | \` ttft{tier:fleet} p(50)<1s \` | 2s \\[1.5, 2.5\\]  n=4 |",
      "| ✅ pass | \` ttft{tier:速い} p(50)<1s \`  | 2s \\[1.5, 2.5\\]  n=4 |",
    ]
  `);
});

describe("a check that says less than passed", () => {
  const one = (changes: Partial<CheckedScenario> = {}): CheckedScenario => ({
    ...hostile("fleet"),
    result: runResult({ thresholds: [] }),
    ...changes,
  });
  const open = one({
    result: runResult({
      thresholds: [{ ...hostile("fleet").result.thresholds[0]!, verdict: "undecided" }],
    }),
  });

  it("is one that was interrupted: what was left out fails", () => {
    const left = [{ path: "other.yaml", name: "other" }];
    const half = report([one()], { unchecked: left });
    expect(checkMarkdown(half)).toMatch(
      /^## surgefleet check: interrupted, 1 of 2 checked\n[\s\S]*❌ not checked other/,
    );
    expect(junitXml(half)).toMatch(/errors="1"[\s\S]*name="other"[\s\S]*<error message="interrupted before"/);
  });

  it("is one with something undecided, which fails unless it is allowed", () => {
    const [strict, allowed] = [report([open, one()]), report([open, one()], { allowUndecided: true })];
    expect(checkMarkdown(strict)).toMatch(/^## surgefleet check: 1 undecided\n/);
    expect(checkMarkdown(allowed)).toMatch(/^## surgefleet check: passed, 1 undecided\n/);
    expect(junitXml(strict)).toMatch(/failures="1"[\s\S]*skipped="0"[\s\S]*type="undecided"/);
    expect(junitXml(allowed)).toMatch(/failures="0"[\s\S]*skipped="1"/);
    expect(githubAnnotations(strict)).toMatch(/^::error .*threshold undecided/);
    expect(githubAnnotations(allowed)).toMatch(/^::warning .*threshold undecided/);
  });

  it("is one with a baseline that no scenario belongs to, with what to do about it", () => {
    const left = report([one()], { orphans: ["results/old/check.json"] });
    const text = "results/old/check.json is the baseline of no scenario that was checked: delete results/old";
    expect(junitXml(left)).toMatch(/failures="1"[\s\S]*results\/old\/check\.json/);
    expect(checkMarkdown(left)).toMatch(/^## surgefleet check: baselines without a scenario: 1\n/);
    expect(githubAnnotations(left)).toContain(`::error file=results/old/check.json::${text}`);
  });

  it("is one against a baseline of another stretch of time", () => {
    const against = { ...AGAINST, compared: 0, otherWindow: { duration: 120, warmup: 20 } };
    const text = "the baseline ran for 2m with 20s of warm-up, and this did not";
    expect(githubAnnotations(report([one({ against })]))).toContain(`::${text}\n`);
    expect(junitXml(report([one({ against })]))).toContain('failures="1"');
  });
});

it("annotations of one kind and place are one: GitHub shows only the first ten of a step", () => {
  const against = { ...AGAINST, regressions: [CHANGE, { ...CHANGE, metric: "latency{tier:standard}" }] };
  const text = githubAnnotations(
    report([{ ...hostile("fleet"), result: runResult({ thresholds: [] }), against }]),
  );
  expect(text.trim().split("\n")).toHaveLength(1);
  expect(text).toMatch(/ttft\{tier:standard\} p\(99\): 1\.00s -> 2\.00s, .*%0Alatency/);
});

it("lines tell the five largest changes, what else there is, what changed before them, and notes below", () => {
  const against: Regressions = {
    ...AGAINST,
    regressions: Array.from({ length: 7 }, (_, i) => ({ ...CHANGE, metric: `m${i}` })),
    improvements: [{ ...CHANGE, after: 0.5, difference: -0.5, low: -0.6, high: -0.4, verdict: "better" }],
    ...{ compared: 4, unseen: { measures: 40, seeds: 13 } },
    changedInputs: ["the scenario", "the trace calls.csv"],
  };
  const scenario = {
    ...hostile("fleet"),
    against,
    notes: ["timed_out 3.2% of standard: no threshold covers it"],
  };
  expect(checkLines(scenario, { style: PLAIN, ascii: true })).toMatchInlineSnapshot(`
    "FAIL fleet  0 of 1 thresholds met, 4 measures against the baseline (40 more from 13 seeds on), 1 seeds, 1.0s
        threshold not met: ttft{tier:fleet} p(50)<1s: 2s [1.5, 2.5]  n=4  fleet.yaml:3
        note: the scenario and the trace calls.csv changed since the baseline: what differs may be that
        worse than the baseline: m0 p(99): 1.00s -> 2.00s, by 1s [0.5, 1.5], p 0.0040
        worse than the baseline: m1 p(99): 1.00s -> 2.00s, by 1s [0.5, 1.5], p 0.0040
        worse than the baseline: m2 p(99): 1.00s -> 2.00s, by 1s [0.5, 1.5], p 0.0040
        worse than the baseline: m3 p(99): 1.00s -> 2.00s, by 1s [0.5, 1.5], p 0.0040
        worse than the baseline: m4 p(99): 1.00s -> 2.00s, by 1s [0.5, 1.5], p 0.0040
        worse than the baseline: and 2 more: --json
        better than the baseline: ttft{tier:standard} p(99): 1.00s -> 500ms, by -500ms [-600, -400], p 0.0040
        note: timed_out 3.2% of standard: no threshold covers it
    "
  `);
});

it("copies of one run are not judged, and say so", () => {
  const against: Regressions = { ...AGAINST, compared: 0, isCopies: true };
  const scenario = { ...hostile("fleet"), result: runResult({ thresholds: [] }), against };
  expect(checkLines(scenario, { style: PLAIN, ascii: true })).toMatchInlineSnapshot(`
    "pass fleet  no thresholds defined: nothing was judged, 0 measures against the baseline, 1 seeds, 1.0s
        note: all seeds gave one and the same run: not judged by the baseline
    "
  `);
});

describe("a threshold of != that two of three runs meet", () => {
  const metric = "overloaded_rate{tier:standard,per:attempt}";
  const base = runResult();
  const result = runResult({
    thresholds: [
      {
        ...{ metric, expression: "rate!=0", bound: { operator: "!=", value: 0, unit: "share" } },
        ...{ verdict: "fail", observed: 0.2, low: 0.1, high: 0.3, n: 3, method: "replications" },
      },
    ],
    estimates: [{ ...base.estimates[0]!, metric, aggregation: "rate" }],
    replications: [0, 0.1, 0.5].map((value, run) => ({ seed: `s/${run}`, values: [value], weights: [9] })),
  });
  const checked = { ...hostile("fleet"), result };
  const why = "0 in 1 of 3 runs";

  it.each([
    ["lines", checkLines(checked, { style: PLAIN, ascii: false })],
    ["annotations", githubAnnotations(report([checked]))],
    ["JUnit", junitXml(report([checked]))],
    ["Markdown", checkMarkdown(report([checked]))],
  ])("says in %s in how many", (_, text) => expect(text).toContain(why));
});

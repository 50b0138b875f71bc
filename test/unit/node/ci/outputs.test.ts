import { describe, expect, it } from "vitest";
import type { Change } from "../../../../src/core/index.js";
import type { CheckedScenario } from "../../../../src/node/ci/checked.js";
import { githubAnnotations } from "../../../../src/node/ci/github.js";
import { junitXml } from "../../../../src/node/ci/junit.js";
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
  against: undefined,
});

describe("names that mean harm", () => {
  it("end no workflow command", () => {
    const text = githubAnnotations([hostile("a\n::error::b,line=9::")]);
    expect(text.split("\n")).toHaveLength(2);
    expect(text).toMatch(/^::error file=a%0A%3A%3Aerror%3A%3Ab%2Cline=9%3A%3A\.yaml,line=3,col=5,/);
  });

  it("are no markup in XML, and nothing that XML cannot hold", () => {
    const xml = junitXml([hostile('<a b="c">&\u0001')]);
    expect(xml).toContain('classname="&lt;a b=&quot;c&quot;>&amp;\ufffd"');
    expect(xml.replaceAll(/<!\[CDATA\[.*?\]\]>/g, "")).not.toContain("<a b");
    expect(xml).not.toContain("\u0001");
  });

  it("are no markup in Markdown, and end no cell", () => {
    const text = checkMarkdown([hostile("a|b`c\n# d<img src=x>")]);
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
    checkMarkdown([{ ...hostile("fleet"), result }])
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
    expect(checkMarkdown([one()], left)).toMatch(
      /^## surgefleet check: interrupted, 1 of 2 checked\n[\s\S]*❌ not checked other/,
    );
    expect(junitXml([one()], left)).toMatch(
      /errors="1"[\s\S]*name="other"[\s\S]*<error message="interrupted before"/,
    );
  });

  it("is one with something undecided, which fails where it is told to", () => {
    expect(checkMarkdown([open, one()])).toMatch(/^## surgefleet check: passed, 1 undecided\n/);
    expect(checkMarkdown([open, one()], [], true)).toMatch(/^## surgefleet check: 1 undecided\n/);
    expect(junitXml([open])).toMatch(/failures="0"[\s\S]*skipped="1"/);
    expect(junitXml([open], [], true)).toMatch(/failures="1"[\s\S]*skipped="0"/);
  });

  it("is one against a baseline of another stretch of time", () => {
    const against = {
      ...{ regressions: [], improvements: [], compared: 0, vanished: [], notCompared: [], paired: true },
      otherWindow: { duration: 120, warmup: 20 },
    };
    const text = "the baseline ran for 2m with 20s of warm-up, and this did not";
    expect(githubAnnotations([one({ against })])).toContain(`::${text}\n`);
    expect(junitXml([one({ against })])).toContain('failures="1"');
  });
});

it("annotations of one kind and place are one: GitHub shows only the first ten of a step", () => {
  const change: Change = {
    ...{
      metric: "ttft{tier:standard}",
      aggregation: "p(99)",
      unit: "seconds",
      better: "lower",
      verdict: "worse",
    },
    ...{ before: 1, after: 2, difference: 1, low: 0.5, high: 1.5, p: 0.001, n: 8 },
  };
  const against = {
    ...{ improvements: [], compared: 2, vanished: [], notCompared: [], paired: true, otherWindow: null },
    regressions: [change, { ...change, metric: "latency{tier:standard}" }],
  };
  const text = githubAnnotations([{ ...hostile("fleet"), result: runResult({ thresholds: [] }), against }]);
  expect(text.trim().split("\n")).toHaveLength(1);
  expect(text).toMatch(/ttft\{tier:standard\} p\(99\): 1\.00s -> 2\.00s, .*%0Alatency/);
});

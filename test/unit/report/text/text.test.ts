import { describe, expect, it } from "vitest";
import { textReport } from "../../../../src/core/report/text/text.js";
import { elasticResult, poolRow } from "../../../support/report-result.js";
import { NO_SAMPLES, runResult, tierRow } from "../../../support/run-result.js";

describe("the text report", () => {
  it("tells verdicts, the table, the reasons and the history, in this order", () => {
    expect(textReport(runResult())).toMatchSnapshot();
  });

  it("has only ASCII when asked, and says what colour would have said", () => {
    const text = textReport(runResult(), { ascii: true });
    expect([...text].every((character) => character.codePointAt(0)! < 128)).toBe(true);
    expect(text).toContain("pass overloaded_rate{tier:priority}");
    expect(text).toContain("FAIL overloaded_rate{tier:standard}");
  });

  it("says of a threshold of == in how many runs it holds", () => {
    const { thresholds, estimates } = runResult();
    const metric = "overloaded_rate{tier:standard,per:attempt}";
    const one = { ...thresholds[0]!, metric, expression: "rate==0", verdict: "fail" as const, observed: 0.1 };
    const result = runResult({
      thresholds: [one],
      estimates: [{ ...estimates[0]!, metric, aggregation: "rate" }],
      replications: [0, 0.2].map((value, run) => ({ seed: `s/${run}`, values: [value], weights: [9] })),
    });
    expect(textReport(result)).toMatch(/ {2}✗ overloaded_rate\{.*\} {2}rate==0 {2}.*, 0 in 1 of 2 runs\n/);
  });

  it("names the version of a pool's engine, where there is one", () => {
    const [named, other] = [
      { ...poolRow("shared"), engineVersion: "vllm-0.15" },
      { ...poolRow("fast"), estimate: true },
    ];
    const lines = textReport(runResult({ pools: [named!, other!] })).split("\n");
    const [first, second] = ["shared", "fast"].map((name) =>
      lines.find((line) => line.includes(`  ${name}  `)),
    );
    expect(first).toMatch(/waiting.*, engine vllm-0\.15$/);
    expect(second).toMatch(/step times estimated$/);
    expect(second).not.toContain("engine");
  });

  it("aligns what follows a name, whatever letters it is in", () => {
    const [threshold] = runResult().thresholds;
    const thresholds = ["速い", "fast"].map((tier) => ({ ...threshold!, metric: `ttft{tier:${tier}}` }));
    const lines = textReport(runResult({ thresholds })).split("\n");
    const told = lines.filter((line) => line.includes("ttft{tier:"));
    expect(told.map((line) => line.slice(line.indexOf("ttft"), line.indexOf(threshold!.expression)))).toEqual(
      ["ttft{tier:速い}  ", "ttft{tier:fast}  "],
    );
  });

  it.each([40, 80, 118, 500])("fits a page of %i characters, and never takes more than 118", (width) => {
    const table = textReport(runResult({ thresholds: [] }), { width }).split("NOT SERVED")[0]!;
    const lines = table.split("\n").filter((line) => !/^(example|INTERVALS) {2}/.test(line));
    expect(lines.filter((line) => line.length > Math.min(width, 118))).toEqual([]);
  });

  it("has a column for every outcome that some tier has, and none for the others", () => {
    const late = tierRow("standard", { outcomes: { ...tierRow("x").outcomes, timed_out: 3 } });
    const [usual, rare] = [runResult(), runResult({ tiers: [late] })].map((result) => textReport(result));
    expect([usual, rare].map((text) => /timed/.test(text!))).toEqual([false, true]);
    expect(rare).not.toMatch(/cancelled|invalid/);
  });

  it("has a column for what is demoted or spills over, where any is", () => {
    const moved = runResult({ tiers: [tierRow("priority", { demoted: 1234, spilled: 0 })] });
    const text = textReport(moved);
    expect(text).toMatch(/demoted/);
    expect(text).toMatch(/1,234/);
    expect([/spilled/.test(text), /demoted/.test(textReport(runResult()))]).toEqual([false, false]);
  });

  it("tells what pools that grow need and have, and what happened, as far as that is short", () => {
    const { timeline: events = [], ...result } = elasticResult(60);
    const text = textReport({ ...result, timeline: events });
    expect(text).toMatch(
      /needed shared +▁{20}█{20}▃{20} {2}max 4\.25\n {2}ready shared +▂{20}▆{20}▄{20} {2}max 3\n/,
    );
    expect(text).toMatch(
      /\nEVENTS\n {11}1m {2}fast {4}launch of kimi\n {2}3m24s to 5m {2}shared {2}up from 1 to 6\n/,
    );
    const many = Array.from({ length: 30 }, () => events[0]!);
    expect(textReport({ ...result, timeline: many })).toMatch(
      /(launch of kimi\n.*){12}and 18 more in the result\n$/,
    );
    expect(textReport(runResult())).not.toContain("EVENTS");
  });

  it("leaves out the verdicts, reasons and history that there are not", () => {
    const all = tierRow("all");
    const text = textReport(
      runResult({ thresholds: [], all, series: { interval: 1, tiers: [], pools: [] } }),
    );
    expect(text).not.toMatch(/THRESHOLDS|NOT SERVED|OVER TIME/);
  });

  it.each([
    [1, 0, 0, "6.000/s"],
    [1.25, 0, 0, "6.000/s; 1.25 attempts each"],
    [1.25, 0.02, 0, "6.000/s; 1.25 attempts each, 2% failed for good"],
    [1, 0.02, 0, "6.000/s; 2% failed for good"],
    [1, 0, 300, "6.000/s; 75% of prompt tokens cached"],
    [null, null, 0, "6.000/s"],
  ])(
    "says what became of the requests at %s attempts each, a share of %s failed and %i of 400 tokens cached",
    (amplification, failureRate, cachedTokens, end) => {
      const all = tierRow("all", { amplification, failureRate, inputTokens: 400, cachedTokens });
      expect(textReport(runResult({ all, thresholds: [] })).split("\n")[0]).toMatch(new RegExp(`${end}$`));
    },
  );

  it("shows a dash where nothing was measured", () => {
    const idle = tierRow("standard", {
      overloadedRate: null,
      ttft: NO_SAMPLES,
      tokensPerSecond: NO_SAMPLES,
      cost: null,
    });
    const row = textReport(runResult({ tiers: [idle] }))
      .split("\n")
      .find((line) => line.startsWith("standard"));
    expect(row?.match(/–/g)).toHaveLength(6);
  });

  it("says first that an interrupted run is partial", () => {
    const text = textReport(runResult({ partial: true, thresholds: [] }));
    expect(text).toMatch(/^PARTIAL {2}interrupted after 1m3s of simulated time\n/);
  });

  it.each([
    ["pass", "✓", "pass", "g"],
    ["undecided", "?", "????", "w"],
    ["fail", "✗", "FAIL", "r"],
    ["no-data", "✗", "FAIL", "r"],
  ] as const)("marks %s with its own sign and colour", (verdict, mark, ascii, colour) => {
    const [given] = runResult().thresholds;
    const result = runResult({ thresholds: [{ ...given!, verdict }] });
    const tag = (name: string) => (text: string) => `<${name}:${text}>`;
    const style = { bold: tag("b"), dim: tag("d"), good: tag("g"), bad: tag("r"), warn: tag("w") };
    expect(textReport(result, { style })).toContain(`<${colour}:${mark}> overloaded_rate`);
    expect(textReport(result, { ascii: true })).toContain(`\n  ${ascii} overloaded_rate`);
  });

  it("says how many thresholds are undecided", () => {
    const [first, second] = runResult().thresholds;
    const [told] = textReport(
      runResult({ thresholds: [first!, { ...second!, verdict: "undecided" }] }),
    ).split("\n");
    expect(told).toBe("THRESHOLDS  1 of 2 met, 1 undecided");
  });

  it.each([
    [{ observed: 0.15, low: 0.12, high: 0.18, n: 8, method: "batches" }, "15% [12, 18]  n=8 batches"],
    [{ observed: 0.15, low: 0.12, high: 0.18, n: 20, method: "replications" }, "15% [12, 18]  n=20"],
    [{ observed: 0, low: 0, high: 0.0003, n: 1, method: "zero-events" }, "0, <0.03%  n=1"],
    [{ observed: 0.15, low: 0.12, high: null, n: 20, method: "replications" }, "15% [12, ?]  n=20"],
    [{ observed: 0.15, low: null, high: 0.18, n: 20, method: "strata" }, "15% [?, 18]  n=20"],
    [{ observed: 0.15, low: null, high: null, n: 1, method: "extreme" }, "15%"],
    [{ observed: 0.0009996, low: null, high: null, n: 1, method: "extreme" }, "0.09996%"],
    [{ observed: null, low: null, high: null, n: 0, method: "never" }, "never"],
  ] as const)("tells what was observed as far as it is known: %o", (changes, wanted) => {
    const bound = { operator: "<", value: 0.001, unit: "share" } as const;
    const threshold = { metric: "overloaded_rate", expression: "rate<0.1%", bound, verdict: "fail" } as const;
    const lines = textReport(runResult({ thresholds: [{ ...threshold, ...changes }] })).split("\n");
    expect(lines[1]).toBe(`  ✗ overloaded_rate  rate<0.1%  ${wanted}`);
  });

  it("says why it is undecided where nothing has an interval", () => {
    const [, second] = runResult().thresholds;
    const open = {
      ...second!,
      verdict: "undecided",
      low: null,
      high: null,
      n: 1,
      method: "one-seed",
    } as const;
    const [, line] = textReport(runResult({ thresholds: [open] })).split("\n");
    expect(line).toBe(
      "  ? overloaded_rate{tier:standard}  rate<0.1%  15%  one seed: no interval; more seeds would give one",
    );
  });

  it("shows what was observed by the bound of the result, and does not read the text once more", () => {
    const [given] = runResult().thresholds;
    const bound = { operator: "<", value: 2, unit: "seconds" } as const;
    const interval = { low: null, high: null, n: 1, method: "extreme" } as const;
    const threshold = { ...given!, ...interval, metric: "m", expression: "soon", bound, observed: 1.5 };
    expect(textReport(runResult({ thresholds: [threshold] })).split("\n")[1]).toBe("  ✓ m  soon  1.50s");
  });

  it("colours what it is given to colour, and nothing else", () => {
    const tag = (name: string) => (text: string) => `<${name}:${text}>`;
    const style = { bold: tag("b"), dim: tag("d"), good: tag("g"), bad: tag("r"), warn: tag("w") };
    const text = textReport(runResult(), { style });
    expect(text).toContain("<g:✓> overloaded_rate{tier:priority}");
    expect(text).toContain("<r:✗> overloaded_rate{tier:standard}");
    expect(text.replaceAll(/<[bdgrw]:([^>]*)>/g, "$1")).toBe(textReport(runResult()));
  });
});

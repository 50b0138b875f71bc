// The page as text: what is on it, what may not be, and how large it gets. How it looks and behaves in a browser is
// test/live/report.test.ts.
import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../../src/core/index.js";
import { embeddedResult, reportHtml } from "../../../../src/core/internal.js";
import {
  elasticResult,
  HOSTILE,
  hostileResult,
  largestResult,
  reportResult,
} from "../../../support/report-result.js";

const CLIENT = { script: "void 0;", style: "p{}", scriptHash: "abc=" };

function page(result: RunResult, scenario: string | null = null, manifest: string | null = null): string {
  return reportHtml(result, { scenario, manifest, client: CLIENT });
}

const textOf = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describe("a report", () => {
  it("says verdicts, tiers, accounts, money, pools, scenario and manifest", () => {
    const text = textOf(page(reportResult({ replications: 20 }), "name: mine", '{"seed":"7"}'));
    expect(text).toContain("✗ fail overloaded_rate{tier:standard} rate&lt;0.1% 15% [12%, 18%] 8");
    expect(text).toContain("∅ no data ttft{tier:fast} p(99)&lt;2s no data –");
    expect(text).toContain("from 20 replications");
    expect(text).toContain("sums over 20 replications");
    expect(text).toContain("account-0 12,345");
    expect(text).toContain("150 others");
    expect(text).toContain("$2.75");
    expect(text).toContain("190 of 256");
    expect(text).toContain("name: mine");
    expect(text).toContain("{&quot;seed&quot;:&quot;7&quot;}");
    expect(text.indexOf("Verdicts")).toBeLessThan(text.indexOf("Tiers"));
  });

  it("names the version of a pool's engine beside its profile, where there is one", () => {
    const result = reportResult();
    const [pool] = result.pools;
    const pools = [
      { ...pool!, engineVersion: "vllm-0.15" },
      { ...pool!, estimate: true },
    ];
    const text = textOf(page({ ...result, pools }));
    expect(text).toContain("llama-3.1-8b-h100, vllm-0.15 4");
    expect(text).toContain("llama-3.1-8b-h100 (estimate) 4");
  });

  it("claims no intervals of one run alone", () => {
    const text = textOf(page(reportResult({ replications: 1 })));
    expect(text).toContain("Measures of this run; one alone has no intervals");
  });

  it("says of a threshold of != in how many runs the value was that", () => {
    const { thresholds, estimates, ...rest } = reportResult();
    const metric = "overloaded_rate{tier:standard,per:attempt}";
    const one = { ...thresholds[0]!, metric, expression: "rate!=0", verdict: "fail" as const, observed: 0.1 };
    const result = {
      ...rest,
      thresholds: [one],
      estimates: [{ ...estimates[0]!, metric, aggregation: "rate" }],
      replications: [0, 0.2].map((value, run) => ({ seed: `s/${run}`, values: [value], weights: [9] })),
    };
    expect(textOf(page(result))).toContain("0 in 1 of 2 runs");
  });

  it("puts what failed before what passed", () => {
    const text = textOf(page(reportResult()));
    const order = ["✗ fail overloaded_rate", "∅ no data ttft", "✓ pass overloaded_rate"].map((words) =>
      text.indexOf(words),
    );
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(Math.min(...order)).toBeGreaterThan(0);
  });

  it("has a table beside each chart and each picture", () => {
    const html = page(reportResult());
    expect(html.match(/data-chart="/g)).toHaveLength(7);
    expect(html.match(/<summary>As a table<\/summary><div class="scroll"/g)).toHaveLength(7);
    expect(html.match(/<\/svg>\s*<div class="scroll"/g)).toHaveLength(5);
    for (const table of html.match(/<table>.*?<\/table>/gs)!) {
      expect(table).toMatch(/<caption>[^<]/);
      expect(table).toContain('scope="row"');
    }
  });

  it("shows the rate of a last bin that the run's end cut short", () => {
    const short = reportResult({ bins: 2 });
    const html = page({ ...short, time: { ...short.time, simulated: 15 } });
    const attempts = short.series.tiers[0]!.attempts[1]!;
    expect(textOf(html)).toContain(`10s ${(attempts / 5).toLocaleString("en")}/s`);
  });

  it("embeds the result: what it holds is read back as it was", () => {
    const result = reportResult({ bins: 100 });
    const { series, ...rest } = JSON.parse(embeddedResult(page(result))!) as RunResult;
    const { series: before, ...wanted } = result;
    expect(rest).toEqual(wanted);
    // Five digits of each number in a chart.
    const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, -2));
    expect(series.tiers[0]!.attempts).toEqual(near(before.tiers[0]!.attempts));
    expect(series.pools[0]!.slotsBusy).toEqual(
      before.pools[0]!.slotsBusy.map((value) => expect.closeTo(value, 1)),
    );
  });

  it("takes bins together where there are more than can be seen, and loses no attempt", () => {
    const result = largestResult();
    const { series } = JSON.parse(embeddedResult(page(result))!) as RunResult;
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(series.interval % 320).toBe(0);
    expect(series.tiers[0]!.attempts.length).toBeLessThanOrEqual(1500);
    expect(series.tiers[0]!.attempts.length * series.interval).toBeGreaterThanOrEqual(3780 * 320);
    const [attempts, before] = [sum(series.tiers[1]!.attempts), sum(result.series.tiers[1]!.attempts)];
    expect(attempts / before).toBeCloseTo(1, 4);
  });

  it("leaves room for its script in 400 KB, whatever the run", () => {
    expect(page(largestResult(), "x".repeat(8000)).length).toBeLessThan(330_000);
  });

  it("forbids everything but its own script and style", () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page(reportResult()))!;
    expect(policy).toBe(
      "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-abc=&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;",
    );
  });

  it("links to nothing outside", () => {
    expect(page(reportResult()).match(/\b(?:src|href|action)="(?!#)[^"]*"/g)).toBeNull();
  });
});

describe("a report of a fleet that grows, shrinks and breaks", () => {
  const result = elasticResult();
  const html = page(result);
  const text = textOf(html);

  it("draws what the pool has against what it needs, and its instances by state", () => {
    expect(html.match(/data-chart="[^"]*"/g)?.slice(0, 3)).toEqual([
      'data-chart="capacity-0"',
      'data-chart="states-0"',
      'data-chart="load"',
    ]);
    expect(text).toContain("Capacity against demand of shared, in replicas");
    expect(html).not.toContain("capacity-1");
    // Bins of 80 s: the third one in the middle of the burst.
    expect(text).toMatch(
      /from needed wanted ready shed 0s 0\.500 1\.00 1\.00 0\/s .*8m 4\.25 6\.00 3\.00 4\.00\/s/,
    );
    expect(text).toContain("from ready draining lost starting waiting for GPUs");
  });

  it("tells what happened on a time line, with words where there is room, and all of it in a table", () => {
    const rows = [...html.matchAll(/class="lane tone-(\d)"><span class="lane-title">([^<]*)/g)];
    expect(rows.map(([, tone, title]) => `${title} ${tone}`)).toEqual([
      ...["▲ more 0", "▼ fewer 0", "! no GPUs 0", "✖ node lost 5", "◆ launch 2"],
    ]);
    const words = [...html.matchAll(/<span class="words">([^<]*)/g)].map(([, found]) => found);
    expect(words).toEqual([
      "shared: 1 → 6",
      "shared: 6 → 2",
      "shared: no GPUs for 1 instance",
      "1 node lost",
      "fast: launch of kimi",
    ]);
    expect(html).toContain('<div class="timeline" aria-hidden="true">');
    expect(text).toContain("6m48s to 10m shared ▲ up from 1 to 6");
    expect(text).toContain("8m12s – ✖ 1 node lost");
    expect(html).toContain("<details open><summary>As a table</summary>");
  });

  it("makes one mark of those of a kind that would overlap, and says them all", () => {
    const [, up] = result.timeline!;
    const more = { ...up!, at: up!.at + 10, until: up!.at + 10, before: 6, after: 9, text: "up from 6 to 9" };
    const two = page({ ...result, timeline: [up!, more] });
    expect(two.match(/class="mark"/g)).toHaveLength(1);
    expect(two).toContain("1 → 9</span>");
    expect(two).toContain("to 10m: shared: up from 1 to 6; 6m58s: shared: up from 6 to 9");
    const other = page({ ...result, timeline: [up!, { ...more, pool: "fast" }] });
    expect(other).toContain("2 events</span>");
    const apart = page({ ...result, timeline: [up!, { ...more, at: more.at + 200 }] });
    expect(apart.match(/class="mark"/g)).toHaveLength(2);
  });

  it("folds a long table, and keeps what it embeds", () => {
    const many = Array.from({ length: 40 }, () => result.timeline![0]!);
    expect(page({ ...result, timeline: many })).toContain("<details><summary>As a table</summary>");
    const read = JSON.parse(embeddedResult(html)!) as RunResult;
    expect([read.timeline, Object.keys(read.series.pools[0]!)]).toEqual([
      result.timeline,
      Object.keys(result.series.pools[0]!),
    ]);
    expect(Object.keys(read.series.pools[1]!)).not.toContain("wanted");
  });

  it("has nothing of it where nothing happens", () => {
    const still = page(reportResult());
    expect(still).not.toMatch(/capacity-|class="events"|isStacked|"as":/);
  });
});

describe("hostile names", () => {
  const html = page(hostileResult(), HOSTILE, HOSTILE);

  it("are text wherever they stand", () => {
    expect(html).not.toMatch(/<img/i);
    expect(html).not.toContain("<!--");
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html.match(/<\/script>/g)).toHaveLength(3);
    expect(html).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&gt;&lt;!--");
  });

  it("come back whole from the embedded result", () => {
    const result = JSON.parse(embeddedResult(html)!) as RunResult;
    expect([result.scenario, result.tiers[0]!.tier, result.accounts[3]!.account]).toEqual([
      HOSTILE,
      HOSTILE,
      `${HOSTILE}3`,
    ]);
  });
});

describe("a result with little in it", () => {
  it.each<[string, Partial<RunResult>, string]>([
    ["no threshold", { thresholds: [] }, "states no thresholds"],
    ["no history", { series: { interval: 0, tiers: [], pools: [] } }, "no history in this result"],
    ["no values", { distributions: [] }, "Nothing was measured"],
    ["no account", { accounts: [] }, "No account made an attempt"],
    ["a caveat", { caveats: [{ kind: "partial", text: "the run was cut off" }] }, "the run was cut off"],
    ["no estimates", { estimates: [] }, "Tiers"],
  ])("says so: %s", (_, changes, words) => {
    expect(textOf(page(reportResult({}, changes)))).toContain(words);
  });

  it("has no script that reads back as a result where there is none", () => {
    expect(embeddedResult("<!doctype html><p>Hello</p>")).toBeUndefined();
  });
});

it("has a column for what is demoted, where any is", () => {
  const moved = reportResult();
  const tiers = moved.tiers.map((tier) => ({ ...tier, demoted: 1234 }));
  expect([page({ ...moved, tiers }), page(moved)].map((text) => />demoted</.test(text))).toEqual([
    true,
    false,
  ]);
});

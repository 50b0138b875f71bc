// The page of a comparison as text. How it looks in a browser is test/live/report.test.ts.
import { describe, expect, it } from "vitest";
import { comparisonHtml } from "../../../../src/core/report/html/comparison-page.js";
import { comparedSides } from "../../../support/compared.js";
import { HOSTILE } from "../../../support/report-result.js";

const SHORT = [{ kind: "short", text: "too short" }] as const;
const page = (answered = comparedSides(), caveats = [[], SHORT, [], []] as const) =>
  comparisonHtml(answered, { title: "fleet", caveats, style: "p{}" });
const textOf = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describe("the page of a comparison", () => {
  it("says the sides, each question with differences, and caveats by whose they are", () => {
    const text = textOf(page());
    expect(text).toContain("compared with tail-drop sides 4 seeds 10 pairs of equal seeds");
    expect(text).toContain(
      "Shed: overloaded_rate side standard priority tail-drop 5% 0% none 0% -5 pp [-5.5, -4.5] better",
    );
    expect(text).toContain("saturation 12% 7 pp [6.3, 7.7] worse 0% 0 same");
    expect(text).toContain("Cost Nothing of it was measured.");
    expect(text).toContain("none: too short");
    expect(text).toContain("Not in both: ttft{tier:priority} p(99)");
  });

  it("has a picture and a table for each trade-off, where what is efficient is marked", () => {
    const html = page();
    const { tradeOffs } = comparedSides();
    expect(tradeOffs.length).toBe(2);
    expect(html.match(/<svg class="scatter"[^>]*role="img" aria-label="[^"]+"/g)).toHaveLength(
      tradeOffs.length,
    );
    expect(html.match(/<\/svg>\s*<div class="scroll"/g)).toHaveLength(tradeOffs.length);
    expect(html.match(/class="disc tone-\d marked"/g)).toHaveLength(6);
    const text = textOf(html);
    expect(text).toContain("ttft p(99) of priority against overloaded_rate of standard");
    expect(text).toContain("B none 0% [0, 0.5] 6s [5.6, 6.4] yes");
  });

  it("draws a cross as wide and as high as the intervals, and none of the first side", () => {
    const [first] = page().match(/<svg class="scatter"[\s\S]*?<\/svg>/)!;
    const crosses = [...first.matchAll(/<path class="cross tone-(\d)" d="M([\d.]+),[\d.]+H([\d.]+)M/g)];
    expect(crosses.map(([, tone]) => tone)).toEqual(["1", "2"]);
    const heights = [...first.matchAll(/M[\d.]+,([\d.]+)V([\d.]+)"/g)].map(
      ([, a, b]) => Number(a) - Number(b),
    );
    // 0.8 s and 0.3 s.
    expect(heights[0]! / heights[1]!).toBeCloseTo(0.8 / 0.3, 1);
    const lengths = crosses.map(([, , from, until]) => Number(until) - Number(from));
    // Half a point and 1.4 points: that of none begins at 0.
    expect(lengths[1]! / lengths[0]!).toBeCloseTo(1.4 / 0.5, 1);
  });

  it("says of an axis along which all may be chance that it may", () => {
    const answered = comparedSides();
    expect(textOf(page(answered))).not.toContain("may be chance");
    const tradeOffs = answered.tradeOffs.map((one) => ({ ...one, across: { ...one.across, isTold: false } }));
    expect(textOf(page({ ...answered, tradeOffs }))).toContain(
      "overloaded_rate of standard: all of it may be chance.",
    );
  });

  it("runs no script, loads nothing, and takes no name for markup", () => {
    const html = page(comparedSides([HOSTILE, "b", "c", "d"]));
    expect(html).toContain(`script-src &#39;none&#39;`);
    expect(html).not.toMatch(/<script|<img|https?:/);
    expect(html).toContain("&lt;/script&gt;&lt;img src=x");
  });
});

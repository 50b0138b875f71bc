import { describe, expect, it } from "vitest";
import { stagesHtml, stagesText, validateStages } from "../../../../src/core/internal.js";
import { once } from "../../../support/oracle.js";
import { profile, source } from "./recording.js";
import { HEADER, KNOWN, OPEN } from "./stages.js";

const report = once(() =>
  validateStages({
    profile,
    stages: [source("stages.csv", HEADER + KNOWN + OPEN.replaceAll("m,code", "m,<i>code"))],
  }),
);

describe("stages", () => {
  it("are a block each as text, at both ends, in ASCII where asked", () => {
    const text = stagesText(report(), { ascii: true });
    expect(text).toMatch(/^as recorded +recorded +simulated +error$/m);
    expect(text).toMatch(/^whole prompt cached +recorded +simulated +error$/m);
    expect(text).toMatch(/^time to first token p50 +20\.0ms +\S+ +[+-]/m);
    // What was not recorded is not there.
    expect(text).not.toMatch(/end to end p90/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test
    expect(text).toMatch(/^[\x00-\x7F]*\n$/);
    expect(
      text
        .split("\n")
        .slice(2)
        .filter((line) => line.length > 118),
    ).toEqual([]);
  });

  it("are a page with all of them in one table, and one of each", () => {
    const page = stagesHtml(report(), { title: "t", style: "" });
    expect(page.match(/<h2/g)).toHaveLength(5);
    expect(page).toMatch(/simulated: system prompt cached[\s\S]*simulated: whole prompt cached/);
    expect(page).toContain("m &lt;i&gt;code");
    // Both ends of what is open, apart.
    expect(page.replaceAll(/<[^>]+>/g, "")).toMatch(/[-+][\d.]+% to [-+][\d.]+%/);
    expect(page).not.toMatch(/<script|<i>|undefined|NaN/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

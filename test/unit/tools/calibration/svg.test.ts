import { expect, it } from "vitest";
import { calibrate, score } from "../../../../src/core/tools/calibration/calibrate.js";
import { calibrationSvg } from "../../../../src/core/tools/calibration/svg.js";
import { bench, log } from "./steps.js";

const { fitted, profile } = calibrate([log(bench())], { name: "mine", source: "a test", maxError: 0.1 });

it("draws every step twice: hollow where it was not fitted", () => {
  const other = score(profile.gpu, log(bench().slice(0, 7), "other.csv"));
  const svg = calibrationSvg("a < b & c", fitted, [other]);
  expect(svg.match(/<circle/g)).toHaveLength(2 * (60 + 7));
  expect(svg.match(/<circle [^>]*fill="none"/g)).toHaveLength(2 * 7);
  expect(svg).toMatch(
    /^<svg [^>]*>\n<title>a &lt; b &amp; c<[\s\S]*a &lt; b &amp; c[\s\S]*hollow: [\s\S]*<\/svg>\n$/,
  );
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

it("draws a long log with no more dots than can be seen", () => {
  const long = Array.from({ length: 100 }, () => bench()).flat();
  const [regimes, most] = [7, 400];
  expect(
    calibrationSvg("long", [score(profile.gpu, log(long))], []).match(/<circle/g)!.length,
  ).toBeLessThanOrEqual(2 * regimes * most);
});

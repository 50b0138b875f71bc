import { expect, it } from "vitest";
import { calibrate, score } from "../../../../src/core/tools/calibration/calibrate.js";
import { calibrationText, niceReach } from "../../../../src/core/tools/calibration/text.js";
import { bench, log } from "./steps.js";

const points = bench(0.01, (index) => (index * 0.37) % 1);
const calibration = calibrate([log(points)], { name: "mine", source: "a test", maxError: 0.1 });

it("tells coefficients with units, errors by regime, a picture, and what is not known", () => {
  const late = bench().map((point) => ({ ...point, gpu: point.gpu * 1.25 }));
  const text = calibrationText(calibration, [score(calibration.profile.gpu, log(late, "late.csv"))]);
  expect(text).toMatch(/^mine\n {2}weights\.constant +6\.\d+ {2}ms /);
  expect(text).toMatch(/perContextToken +4\d\.\d+ {2}ns\/token/);
  expect(text).toMatch(
    /steps\.csv {2}fitted[\s\S]*decode 1-8 +12 +0\.\d\d%[\s\S]*all +60 [\s\S]*late\.csv {2}not fitted/,
  );
  expect(text).toMatch(/all +60 +19\.\d\d% .* -19\.\d\d%\n/);
  expect(text).toMatch(/note: the CPU part is not known/);
  const pictured = text.split("\n").filter((line) => /^mixed +[^\d ]{41}$/.test(line));
  expect(pictured).toHaveLength(2);
  // All of the late log's errors are at or near the left edge.
  expect(pictured[1]).toMatch(/^mixed +·{0,12}[^·]/);
});

it("needs no more than ASCII", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
  expect(calibrationText(calibration, [], { ascii: true })).toMatch(/^[\x00-\x7f]*$/);
});

it("draws to a round error that most are within", () => {
  expect([0.001, 0.02, 0.08, 0.3, 7].map(niceReach)).toEqual([0.01, 0.05, 0.1, 0.5, 1]);
});

import { expect, it } from "vitest";
import { hostMillis } from "../../../../src/core/server/profile/build.js";
import { fitHost } from "../../../../src/core/tools/calibration/fit-host.js";
import { step, works } from "./steps.js";

const HOST = { step: 0.1, prefill: 0.3, perSequence: 0.0006, perPrefillToken: 0.0001 };
const steps = () =>
  works().map((work) => {
    const point = step(work);
    return { ...point, host: hostMillis(HOST, point.decoding, point.prefillTokens) };
  });

it("finds the CPU part that was put in", () => {
  const found = fitHost([steps()]);
  expect(found?.step).toBeCloseTo(HOST.step, 4);
  expect(found?.prefill).toBeCloseTo(HOST.prefill, 4);
  expect(found?.perSequence).toBeCloseTo(HOST.perSequence, 6);
  expect(found?.perPrefillToken).toBeCloseTo(HOST.perPrefillToken, 7);
});

it("keeps the mean where steps scatter, and leaves out a step that hung", () => {
  const scattered = [...steps(), ...steps()].map((point, index) => ({
    ...point,
    host: point.host + (index % 2 === 0 ? 0.05 : -0.05),
  }));
  const hung = scattered.map((point, index) => (index === 40 ? { ...point, host: 900 } : point));
  expect(fitHost([scattered])?.step).toBeCloseTo(HOST.step, 1);
  expect(fitHost([hung])?.step).toBeCloseTo(fitHost([scattered])!.step, 2);
});

it("is not known where the log has one time", () => {
  expect(fitHost([works().map((work) => step(work))])).toBeUndefined();
});

it("listens to a short log as much as to a long one", () => {
  const quick = steps().map((point) => ({ ...point, host: 0.1 }));
  const slow = steps().map((point) => ({ ...point, host: 0.3 }));
  const long = Array.from({ length: 9 }, () => slow).flat();
  expect(fitHost([quick, long])?.step).toBeCloseTo(0.2, 6);
});

import { describe, expect, it } from "vitest";
import { loadOf } from "../../../../src/core/tools/validation/replayed-load.js";
import type { LostRequest } from "../../../../src/core/tools/validation/run-request.js";
import { request, served } from "./requests.js";

const lost = (parts: Partial<LostRequest>): LostRequest => ({
  arrival: 0,
  promptTokens: 10,
  cachedTokens: undefined,
  outputTokens: undefined,
  outcome: "timed_out",
  scheduled: undefined,
  firstToken: undefined,
  ended: undefined,
  ...parts,
});
const run = (...gone: readonly LostRequest[]) => ({ served: [request({ arrival: 1 })], lost: gone });
const waits = (...gone: readonly LostRequest[]) =>
  loadOf(run(...gone), undefined).requests.map(({ giveUpAfter }) => giveUpAfter);

describe("loadOf", () => {
  it("is everything that was sent, by arrival, with lengths of the lost as the others' mean", () => {
    const { requests, notes } = loadOf(run(lost({ arrival: 0.5, ended: 3 })), undefined);
    expect(requests.map(({ arrival, outputTokens }) => [arrival, outputTokens])).toEqual([
      [0.5, 11],
      [1, 11],
    ]);
    expect(notes.join("\n")).toMatch(/what the lost had asked for is not recorded \(1\).*11 tokens/);
  });

  it("takes equal waits of those who timed out for everyone's timeout", () => {
    const gone = [lost({ ended: 30 }), lost({ arrival: 2, ended: 32.3 }), lost({ arrival: 3, ended: 33 })];
    expect(waits(...gone)).toEqual([30, 30, 30, 30]);
    // Two may have been cut off when the load ended, and whoever was served after longer had no such timeout.
    expect(waits(gone[0]!, gone[1]!)).toEqual([30, undefined, 30.299999999999997]);
    const patient = { served: [request({ arrival: 1, firstToken: 2, finish: 40 })], lost: gone };
    expect(loadOf(patient, undefined).requests[1]?.giveUpAfter).toBeUndefined();
  });

  it("has those give up by themselves whose waits differ, and those that failed", () => {
    expect(waits(lost({ ended: 30 }), lost({ arrival: 2, ended: 12 }))).toEqual([30, undefined, 10]);
    expect(waits(lost({ outcome: "failed", ended: 5 }))).toEqual([5, undefined]);
  });

  it("keeps to a timeout that is given, and has failures fail before it", () => {
    const gone = [lost({ ended: 30 }), lost({ arrival: 2, outcome: "failed", ended: 3 })];
    const { requests } = loadOf(run(...gone), 20);
    expect(requests.map(({ giveUpAfter }) => giveUpAfter)).toEqual([20, 20, 1]);
  });

  it("says of whom it is not known when they gave up", () => {
    const { requests, notes } = loadOf(run(lost({})), undefined);
    expect(requests[0]?.giveUpAfter).toBeUndefined();
    expect(notes.join("\n")).toMatch(/when the lost were given up is not recorded \(1\).*--timeout/);
  });

  it("has nothing to compare where nothing was served", () => {
    expect(() => loadOf({ ...served([]), lost: [lost({})] }, undefined)).toThrow(
      /no request of the run was served/,
    );
  });
});

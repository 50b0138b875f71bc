// The comparisons of whole runs checked: two runs that differ in one event or one number must be told apart, and by the
// right law.
import { expect, test } from "vitest";
import type { Duration } from "../../src/core/base/units.js";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import { CANARY_WORLD as WORLD } from "../support/canary-world.js";
import { type CheckedRun, compareForms, compareRuns, runChecked } from "../support/checker.js";

test("a seed from a counter: LAW-4, at the first event that differs", () => {
  let counter = 0;
  const run = () => runChecked(WORLD, `canary-${counter++}`);
  expect(compareRuns(run(), run())).toEqual([
    {
      law: "LAW-4",
      at: 0,
      message: expect.stringMatching(/^event 0 differs: .* request 1 arrived .* in the other$/),
    },
  ]);
});

/** Runs the world twice: after many retries the second one's clients come back a microsecond later. */
function withLateDifference(step: boolean): readonly [CheckedRun, CheckedRun] {
  const run = (isSecond: boolean) => {
    let calls = 0;
    const plant = (): Seams => ({
      client: (client) => {
        const retryDelay = client.retryDelay.bind(client);
        client.retryDelay = (...question) => {
          const delay = retryDelay(...question);
          return delay !== undefined && ++calls % 50 === 0 && isSecond ? ((delay + 1) as Duration) : delay;
        };
        return client;
      },
    });
    return runChecked(WORLD, "canary", { plant, stepByStep: step && isSecond });
  };
  return [run(false), run(true)];
}

test("one draw that differs late in a run: LAW-4, at the event where it shows", () => {
  const [violation] = compareRuns(...withLateDifference(false));
  expect(violation?.message).toMatch(
    /^event [1-9]\d* differs: .* ended .* in one run, .* ended .* in the other$/,
  );
});

test("a step that comes out differently: LAW-5, at the event where it shows", () => {
  const [violation] = compareForms(...withLateDifference(true));
  expect(violation?.law).toBe("LAW-5");
  expect(violation?.message).toMatch(
    /^event [1-9]\d* differs: .* ended .* in macro-steps, .* ended .* in steps$/,
  );
});

test("a token more in the result of the one form: LAW-5", () => {
  const macro = runChecked(WORLD, "canary");
  const step = runChecked(WORLD, "canary", { stepByStep: true, tamper: addsToken });
  expect(compareForms(macro, step)).toMatchObject([
    { law: "LAW-5", message: "equal events, but different results" },
  ]);
});

function addsToken(result: RunResult): RunResult {
  return { ...result, all: { ...result.all, outputTokens: result.all.outputTokens + 1 } };
}

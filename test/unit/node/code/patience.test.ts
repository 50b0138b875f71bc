// Code that never comes back is ended, so that a run of it can be told of Ctrl-C.
import { describe, expect, test } from "vitest";
import { patientRun, withPatience } from "../../../../src/node/code/patience.js";
import { NIGHTLY } from "../../../support/mode.js";
import { loaded, policyModule } from "../../../support/own-code.js";

const forEver = () => {
  for (;;);
};

describe("patience", () => {
  test("ends what does not end, and says whose it is", () => {
    expect(() => withPatience("mine.ts", forEver, 50)).toThrow(
      /mine\.ts: no answer for 0.05 s: does a loop of it never end\?/,
    );
  });

  test("hands on what an action returns and throws, one inside the other", () => {
    expect(withPatience("a", () => withPatience("b", () => 7, 50) + 1)).toBe(8);
    const own = new Error("own");
    expect(() =>
      withPatience("a", () => {
        throw own;
      }),
    ).toThrow(own);
    expect(Object.keys(globalThis)).not.toContain("surgefleetPatience");
  });

  test("runs a scenario with modules in short pieces, and one without as it is", () => {
    const run = (events: number) => events <= 2_000;
    expect(patientRun({}, run)).toBe(run);
    const patient = patientRun({ modules: { "./mine.ts": {} as never } }, run, 50);
    expect(patient(20_000)).toBe(true);
    expect(() => patientRun({ modules: { "./mine.ts": {} as never } }, forEver, 50)(1)).toThrow(
      /\.\/mine\.ts: no answer/,
    );
  });

  // It takes those ten seconds.
  test.runIf(NIGHTLY)("ends a module that never ends when it is read", { timeout: 30_000 }, () => {
    const answer = loaded(`for (;;); ${policyModule("return {}")}`);
    expect(answer.ok ? [] : answer.issues.map(({ message }) => message)).toEqual([
      expect.stringMatching(/mine\.ts: no answer for 10 s/),
    ]);
  });
});

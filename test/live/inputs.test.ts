// Whatever an input is like, a command ends: with its result, or with exit code 2, one message and nothing written.
// Changed inputs over all formats, profiles, results and flags, in processes with bounds of time and memory.
import { expect, test } from "vitest";
import { judgedCases } from "../support/hostile/watch.js";
import { GEAR_WORD, gear } from "../support/mode.js";

const CASES = Number(process.env["SURGEFLEET_INPUTS_RUNS"] ?? gear(80, 3000));
const FROM = Number(process.env["SURGEFLEET_INPUTS_FROM"] ?? 0);

test(`${CASES} changed inputs from ${FROM} on`, async () => {
  const all = await judgedCases(FROM, FROM + CASES);
  expect(all).toHaveLength(CASES);
  const wrong = all.filter(({ problems }) => problems.length > 0);
  const told = wrong.map(({ number, title, problems, folder }) =>
    [
      `${number}: ${title}`,
      ...problems.map((problem) => `  ${problem}`),
      `  the input is in ${folder ?? "no folder any more"}; again:`,
      `  ${GEAR_WORD}SURGEFLEET_INPUTS_RUNS=1 SURGEFLEET_INPUTS_FROM=${number} npx vitest run --project live test/live/inputs.test.ts`,
    ].join("\n"),
  );
  expect(told.join("\n")).toBe("");
  // Of both kinds, or the changes have become harmless, or all fatal.
  const share = all.filter(({ code }) => code === 0).length / all.length;
  if (CASES >= 80) expect([share > 0.2, share < 0.8]).toEqual([true, true]);
});

// Set up before every file of tests: property tests draw the same cases in every run of the suite, so that it is red
// for what was changed and not for what was drawn. Other cases are tried by night, and by SURGEFLEET_TEST_SEED.
import { relative } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { quoted } from "../../src/node/shell.js";
import { GEAR_WORD, TEST_SEED } from "./mode.js";

fc.configureGlobal({
  seed: TEST_SEED,
  reporter: (details) => {
    if (!details.failed) return;
    throw new Error(`${fc.defaultReportMessage(details)}\nrepeat with\n  ${repeatCommand()}\n`, {
      cause: details.errorInstance,
    });
  },
});

function repeatCommand(): string {
  const { testPath = "", currentTestName = "" } = expect.getState();
  const file = relative(process.cwd(), testPath);
  // Vitest takes a pattern.
  const name = currentTestName.replace(/ > /g, " ").replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
  return `${GEAR_WORD}SURGEFLEET_TEST_SEED=${TEST_SEED} npx vitest run ${file} -t ${quoted(name)}`;
}

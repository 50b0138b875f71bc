// Modules of a user's own for tests: written into a folder, loaded as a scenario would have them loaded, and run.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadCode } from "../../src/node/code/load.js";

/** A folder with these files, for as long as `use` takes. */
function inFolder<Result>(files: Readonly<Record<string, string>>, use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-own-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a policy's module is made of: the body of `create`, with `options` and `context`. */
export const policyModule = (body: string, options = "{}") => `
import { definePolicy, options as kinds } from "surgefleet";
export default definePolicy({
  summary: "Made for a test.",
  options: ${options},
  create(options, context) { ${body} },
});
`;

/** The code of a module, or what is wrong with it. */
export const loaded = (text: string, more: Readonly<Record<string, string>> = {}) =>
  inFolder({ "mine.ts": text, ...more }, (folder) => loadCode("./mine.ts", join(folder, "fleet.yaml")));

// A process that tries cases one after the other and writes a line of JSON before and after each, so that whoever
// started it knows at which one it stands still or ends.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../src/node/program.js";
import { drawCase, judge } from "./case.js";
import { place } from "./content.js";
import { INPUTS, resultInputs } from "./inputs.js";
import { RUN } from "./texts.js";

/** A result and a committed one, as the program writes them. */
async function resultFiles(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-inputs-"));
  const quiet = { write: () => undefined };
  const home = process.cwd();
  place(folder, "s.yaml", Buffer.from(RUN));
  process.chdir(folder);
  for (const line of [
    "run s.yaml --out out --seeds 2 --workers 1 --quiet",
    "check s.yaml --seeds 8 --workers 1 --quiet --baseline base --update",
  ]) {
    const code = await runProgram(line.split(" "), { output: quiet, errors: quiet, env: {} });
    if (code !== 0) throw new Error(`${line}: exit code ${code}`);
  }
  process.chdir(home);
  const committed = (readdirSync(join(folder, "base"), { recursive: true }) as string[]).filter((name) =>
    /\.\w+$/.test(name),
  );
  const files = {
    "summary.json": readFileSync(join(folder, "out/summary.json"), "utf8"),
    ...Object.fromEntries(
      committed.map((name) => [`base/${name}`, readFileSync(join(folder, "base", name), "utf8")]),
    ),
  };
  rmSync(folder, { recursive: true });
  return files;
}

const [from = 0, to = 0] = process.argv.slice(2).map(Number);
const inputs = [...INPUTS, ...resultInputs(await resultFiles())];
for (let number = from; number < to; number += 1) {
  const one = drawCase(number, inputs);
  process.stdout.write(
    `${JSON.stringify({ number, title: `${one.title}: ${one.words.join(" ").slice(0, 300)}` })}\n`,
  );
  process.stdout.write(`${JSON.stringify({ number, ...(await judge(one, runProgram)) })}\n`);
}

// The example of a trace replay on a public trace that is not part of the repository; skipped by name where absent.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OUTCOMES } from "../../../../src/core/base/outcome.js";
import type { RunResult } from "../../../../src/core/index.js";
import { sharedFile } from "../../../support/shared-data.js";
import { ROOT } from "../../../support/source-files.js";
import { surgefleet } from "./hosted.js";

const TRACE = sharedFile("data/traces/AzureLLMInferenceTrace_conv_2023.csv");
const title = "19,366 requests at 5.530/s, each in exactly one column, the same bytes twice";

test.skipIf(TRACE === undefined)(
  TRACE === undefined ? `${title} (skipped: the Azure trace is not here)` : title,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "surgefleet-azure-"));
    const arrivals = `traffic.replay.arrivals.trace=${TRACE}`;
    const words = ["run", "scenarios/trace-replay.yaml", "--set", arrivals, "--requests", "--out"];
    const runInto = async (out: string) => (await surgefleet([...words, out], { cwd: ROOT })).code;
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    expect([await runInto(one), await runInto(two)]).toEqual([0, 0]);

    const { all, time } = JSON.parse(readFileSync(join(one, "summary.json"), "utf8")) as RunResult;
    expect(all.attempts).toBe(19_366);
    expect(time.offeredRate?.toFixed(3)).toBe("5.530");
    expect(OUTCOMES.reduce((sum, outcome) => sum + all.outcomes[outcome], 0)).toBe(19_366);
    const rows = readFileSync(join(one, "requests.csv"), "utf8").trimEnd().split("\n").slice(1);
    expect(new Set(rows.map((row) => row.split(",")[0])).size).toBe(19_366);
    expect(rows.length).toBe(19_366);

    const files = readdirSync(one).sort();
    expect(readdirSync(two).sort()).toEqual(files);
    const differing = files.filter(
      (file) => !readFileSync(join(one, file)).equals(readFileSync(join(two, file))),
    );
    expect(differing).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  },
);

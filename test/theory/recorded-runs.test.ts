// The shipped profile against recorded runs of a real engine: the same arrivals and lengths on one H100 replica. The
// recordings are not part of the repository; where they are absent the test is skipped and says so.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { profileFileByName, type TextSource, validateProfile } from "../../src/core/internal.js";
import { once } from "../support/oracle.js";
import { sharedFile } from "../support/shared-data.js";

/** Errors of single steps, as shares: mean, and nine out of ten. */
const MOST_STEP_ERROR = { mean: 0.015, p90: 0.04 };

function sourceOf(path: string): TextSource {
  return { file: path, chunks: () => [readFileSync(path, "utf8")] };
}

for (const name of ["closed", "poisson60", "poisson85", "gamma30", "chat"]) {
  const requests = sharedFile(`calibration/runs/${name}.requests.csv`);
  const steps = sharedFile(`calibration/runs/${name}.steps.csv`);
  const missing = requests === undefined || steps === undefined;
  const title = missing ? `run "${name}" (skipped: the recordings are not here)` : `run "${name}"`;
  describe.skipIf(missing)(title, () => {
    const report = once(() =>
      validateProfile({
        profile: () => profileFileByName("llama-3.1-8b-h100"),
        requests: sourceOf(requests!),
        steps: sourceOf(steps!),
      }),
    );

    test("keeps within every bound that is judged", () => {
      const { bounds, run } = report();
      expect(bounds.filter(({ verdict }) => verdict === "beyond")).toEqual([]);
      const judged = bounds.filter(({ verdict }) => verdict === "within").length;
      // All at once, the time to first token is a matter of capacity alone.
      expect(judged).toBe(name === "closed" ? 5 : 7);
      expect(Math.abs(run!.steps.meanMillis.error!)).toBeLessThan(0.02);
      expect(Math.abs(run!.batch.mean.error!)).toBeLessThan(0.02);
      expect(Math.abs(run!.kvPages.mean.error!)).toBeLessThan(0.03);
    });

    test("has its steps predicted one by one", () => {
      const { mean, p90 } = report().steps!.gpu.all;
      expect(mean).toBeLessThan(MOST_STEP_ERROR.mean);
      expect(p90).toBeLessThan(MOST_STEP_ERROR.p90);
    });
  });
}

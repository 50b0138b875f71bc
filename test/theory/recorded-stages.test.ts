// Load stages of other people's engines, of which counts and percentiles were recorded, against this simulator: the
// table of docs/validation.md is written here, none of the stages left out. The recording is not part of the repository;
// where it is absent the test is skipped and says so.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readStages } from "../../src/core/internal.js";
import { gpusOf } from "../../src/core/tools/validation/settings.js";
import type { Stage } from "../../src/core/tools/validation/stage.js";
import { compareStage, type StageResult } from "../../src/core/tools/validation/stage-report.js";
import { expectOnPage } from "../support/doc-tables.js";
import { once } from "../support/oracle.js";
import { MODELS, overrides, profileOf, TIMEOUT } from "../support/recorded-stages.js";
import { sharedFile } from "../support/shared-data.js";

const COMMAND = "UPDATE_BASELINE=1 npx vitest run --project theory test/theory/recorded-stages.test.ts";
const TABLE = "recorded stages";
const recording = sharedFile("reality/vllm-0.15.1-h100.csv");
const title = "twelve recorded stages of vLLM 0.15.1";

const percent = (error: number | null) =>
  error === null ? "" : `${error < 0 ? "-" : "+"}${(100 * Math.abs(error)).toFixed(1)} %`;
/** Both ends of what the record leaves open, once where they agree. */
const ends = (result: StageResult, text: (bound: StageResult["bounds"][number]) => string) =>
  [...new Set(result.bounds.map(text))].join(" to ");
const whole = (value: number | null) => Math.round(value ?? 0).toLocaleString("en-US");

describe.skipIf(recording === undefined)(
  recording === undefined ? `${title} (skipped: the recording is not here)` : title,
  () => {
    const stages = once(() =>
      readStages({ file: recording!, chunks: () => [readFileSync(recording!, "utf8")] }),
    );
    const results = once(() => {
      return stages().map((stage) =>
        compareStage(stage, profileOf(stage.model), {}, { timeout: TIMEOUT, overrides: overrides() }),
      );
    });

    test("are all there, at both ends of what was cached", () => {
      expect(results()).toHaveLength(12);
      expect(new Set(results().map(({ model }) => model))).toEqual(new Set(MODELS));
      for (const { bounds } of results()) expect(bounds).toHaveLength(2);
      for (const { bounds } of results()) {
        for (const { sent } of bounds) expect(Math.abs(sent.error!)).toBeLessThan(0.001);
      }
    });

    test("figures", () => {
      const head = [
        "model and load, GPUs, requests/s",
        "end to end p50, s: recorded",
        "simulated",
        "time per token, mean",
        "time to first token p50, s: recorded",
        "simulated",
        "full batch, tokens/s",
        "served: recorded",
        "simulated",
      ];
      const nameOf = ({ name, model, arrivals }: Stage) => {
        const load = name.split(" ")[1];
        const rate = arrivals.kind === "constant" ? arrivals.rate : Number.NaN;
        const isFitted = load === "codegen" && rate === 5;
        return `${model.split("/")[1]} ${load}, ${gpusOf(profileOf(model))}, ${rate}${isFitted ? " *" : ""}`;
      };
      const rows = results().map((result, index) => {
        const [first] = result.bounds;
        const isOverload = first!.capacity.recorded !== null || (first!.failed.recorded ?? 0) > 0;
        return [
          nameOf(stages()[index]!),
          first!.e2e.p50.recorded!.toFixed(2),
          ends(result, ({ e2e }) => percent(e2e.p50.error)),
          ends(result, ({ tpot }) => percent(tpot.mean.error)),
          first!.ttft.p50.recorded!.toFixed(3),
          ends(result, ({ ttft }) => percent(ttft.p50.error)),
          isOverload ? ends(result, ({ capacity }) => percent(capacity.error) || "not full") : "",
          whole(first!.succeeded.recorded),
          ends(result, ({ succeeded }) => whole(succeeded.simulated)),
        ];
      });
      expectOnPage(TABLE, COMMAND, [head, ...rows]);
    });
  },
);

// The measured steps that profiles are held against, which are not part of the repository: see shared-data.ts.
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { mean } from "simple-statistics";
import type { PassTimes } from "../../../../src/core/server/profile/pass-times.js";

export interface Step {
  readonly kind: string;
  readonly decoding: number;
  /** Rows that each decoding sequence takes: more than one where it verifies drafted tokens. */
  readonly rowsEach: number;
  readonly context: number;
  readonly prefill: number;
  readonly area: number;
  readonly prior: number;
  readonly rows: number;
  readonly ms: number;
}

export function readSteps(path: string): Step[] {
  return csvParse(readFileSync(path, "utf8"), (row) => ({
    kind: row["kind"] ?? "",
    decoding: Number(row["n_decode"]),
    rowsEach: Number(row["kq"]),
    context: Number(row["sum_context"]),
    prefill: Number(row["prefill_tokens"]),
    area: Number(row["prefill_area"]),
    prior: Number(row["prefill_context"]),
    rows: Number(row["rows_T"]),
    ms: Number(row["step_ms_p50"]),
  }));
}

/** How far each step on the GPU is off, as shares of what was measured. */
export function errors(pass: PassTimes, steps: readonly Step[]): number[] {
  return steps.map(({ decoding, rowsEach, context, prefill, area, prior, ms }) => {
    const attention = decoding > 0 ? pass.slope(decoding, rowsEach) * context : 0;
    const chunks = prefill > 0 ? pass.prefill(area, prior) : 0;
    return (pass.base(decoding, rowsEach, prefill) + attention + chunks) / ms - 1;
  });
}

export function meanError(pass: PassTimes, steps: readonly Step[]): number {
  return mean(errors(pass, steps).map((error) => Math.abs(error)));
}

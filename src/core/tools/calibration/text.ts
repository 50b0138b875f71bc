// What a calibration looks like in a terminal: coefficients with their units, error by regime, and a picture of the
// errors made of characters. It computes nothing but where a point is drawn.

import { number, percent, signedPercent } from "../../report/text/format.js";
import { sparkline } from "../../report/text/sparkline.js";
import { ASCII_MARKS, type Marks, PLAIN, type Style, UNICODE_MARKS } from "../../report/text/style.js";
import { type Cell, renderTable } from "../../report/text/table.js";
import type { GpuTimes, MeasuredFile } from "../../server/profile/file/measured-keys.js";
import type { Calibration, Score } from "./calibrate.js";
import { REGIMES, type RegimeError, regimeOf, relativeError } from "./regimes.js";

export interface CalibrationTextOptions {
  readonly style?: Style;
  readonly ascii?: boolean;
  readonly width?: number;
}

/** Columns of the picture on either side of no error. */
const HALF = 20;
const LABEL_WIDTH = Math.max(...REGIMES.map((regime) => regime.length));

/** Lines end in LF, the last one too. `scores` are logs that were not fitted. */
export function calibrationText(
  { profile, fitted, notes }: Calibration,
  scores: readonly Score[],
  { style = PLAIN, ascii = false, width = 100 }: CalibrationTextOptions = {},
): string {
  const marks = ascii ? ASCII_MARKS : UNICODE_MARKS;
  const lines = [style.bold(profile.name), ...coefficients(profile)];
  const parts = [
    ...fitted.map((one) => [one, "fitted"] as const),
    ...scores.map((one) => [one, "not fitted"] as const),
  ];
  for (const [one, use] of parts) {
    lines.push("", `${style.bold(one.file)}  ${use}`, ...errorTable(one, { style, marks, width }));
    lines.push("", ...errorPicture(one, marks, style));
  }
  if (notes.length > 0) lines.push("", ...notes.map((note) => `note: ${note}`));
  return `${lines.join("\n")}\n`;
}

function coefficients({ gpu, host }: MeasuredFile): string[] {
  const line = (name: string, value: number, unit: string, meaning: string) =>
    `  ${name.padEnd(20)}${number(value, 4).padStart(13)}  ${unit.padEnd(9)}  ${meaning}`;
  const small = (value: number) => value * 1e6;
  return [
    line("weights.constant", gpu.weights.constant, "ms", "reading the weights, whatever the rows"),
    line("weights.perRow", small(gpu.weights.perRow), "ns/row", "added by a row while weights bound a step"),
    line("compute.constant", gpu.compute.constant, "ms", "computing: its part that rows do not change"),
    line("compute.perRow", small(gpu.compute.perRow), "ns/row", "computing a row"),
    line("knee", gpu.knee ?? 0, "ms", "how far the corner between the two is rounded"),
    line(
      "perSequence",
      small(gpu.perSequence ?? 0),
      "ns",
      "added for each sequence where a step only decodes",
    ),
    line("perContextToken", small(gpu.perContextToken), "ns/token", "reading context while decoding"),
    line("perArea", small(gpu.perArea), "ns", "prefill attention, for each pair of tokens"),
    line("perPriorToken", small(gpu.perPriorToken), "ns/token", "reading context before a chunk, at least"),
    ...curves(gpu),
    ...(gpu.boost
      ? [
          line("boost.share", gpu.boost.share * 100, "%", "of the products saved by computing after a pause"),
          line("boost.memoryMs", gpu.boost.memoryMs, "ms", "how soon that comes, and goes"),
        ]
      : []),
    ...(gpu.experts
      ? [line("experts.all", gpu.experts.all, "ms", "reading the weights of all experts")]
      : []),
    ...(host
      ? [
          line("host.step", host.step, "ms", "CPU part of every step"),
          line("host.prefill", host.prefill, "ms", "CPU part added where a step prefills"),
          line(
            "host.perSequence",
            small(host.perSequence),
            "ns",
            "CPU part added for each decoding sequence",
          ),
          line(
            "host.perPrefillToken",
            small(host.perPrefillToken ?? 0),
            "ns/token",
            "CPU part added for each prompt token",
          ),
        ]
      : []),
  ];
}

function curves({ curves: given = {} }: GpuTimes): string[] {
  return Object.entries(given).map(([kind, { rows }]) => {
    const count = String(rows.length).padStart(13);
    const meaning = `timed one by one, from ${rows[0]} to ${rows.at(-1)} rows`;
    return `  ${`curves.${kind}`.padEnd(20)}${count}  ${"sizes".padEnd(9)}  ${meaning}`;
  });
}

function errorTable(
  { errors }: Score,
  look: { readonly style: Style; readonly marks: Marks; readonly width: number },
): string[] {
  const regimes = REGIMES.flatMap((regime) => errors.byRegime[regime] ?? []);
  const names = REGIMES.filter((regime) => errors.byRegime[regime] !== undefined);
  const rows = [...regimes, errors.all];
  const column = (head: string, text: (error: RegimeError) => string) => ({
    head: ["", head] as const,
    cells: rows.map((error): Cell => ({ text: text(error) })),
  });
  // Two decimals in all of them, so that a column can be compared at a glance.
  const share = (value: number) => `${(value * 100).toFixed(2)}%`;
  const label = {
    head: ["", "error of the GPU time"] as const,
    cells: [...names, "all"].map((text) => ({ text })),
  };
  const columns = [
    column("steps", ({ points }) => String(points)),
    column("mean", ({ mean }) => share(mean)),
    column("p90", ({ p90 }) => share(p90)),
    column("max", ({ max }) => share(max)),
    column("bias", ({ bias }) => signedPercent(bias)),
  ];
  return renderTable(label, [columns], look);
}

/** How often each error occurs, one line of heights to a regime, from too short on the left to too long. */
function errorPicture({ steps, errors }: Score, marks: Marks, style: Style): string[] {
  const reach = niceReach(errors.all.p90);
  const place = (error: number) => Math.round(Math.min(1, Math.max(-1, error / reach)) * HALF) + HALF;
  const lines = REGIMES.flatMap((regime) => {
    const own = steps.filter(({ point }) => regimeOf(point) === regime);
    if (own.length === 0) return [];
    const counts = new Array<number>(2 * HALF + 1).fill(0);
    for (const step of own) counts[place(relativeError(step))]!++;
    return [`${regime.padEnd(LABEL_WIDTH)}  ${sparkline(counts, marks)}`];
  });
  const edge = percent(reach);
  const axis = ["".padEnd(LABEL_WIDTH + 2), `-${edge}`.padEnd(HALF), "0", `+${edge}`.padStart(HALF)];
  return [...lines, style.dim(axis.join(""))];
}

/** The error at the edge of a picture: round, and beyond nine tenths of the errors. The rest is drawn there too. */
export function niceReach(p90: number): number {
  const reaches = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  return reaches.find((reach) => reach >= 1.2 * p90) ?? 1;
}

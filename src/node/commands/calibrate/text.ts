// What `surgefleet calibrate` prints and writes: the fit and its errors, for people and for programs, and the profile
// as its file.
import { type Calibration, calibrationText, type Score } from "../../../core/internal.js";
import { printDocument } from "../../print.js";
import { pageFor, type Terminal } from "../../terminal.js";

interface PageFlags {
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export function print(
  calibration: Calibration,
  scores: readonly Score[],
  flags: PageFlags,
  terminal: Terminal,
): void {
  const { profile, fitted, notes } = calibration;
  const { columns } = terminal.output;
  printDocument(flags, terminal, {
    document: () => ({ profile, fitted: errorsOf(fitted), scored: errorsOf(scores), notes }),
    report: () =>
      calibrationText(calibration, scores, {
        ...pageFor(flags, terminal),
        ...(columns === undefined ? {} : { width: columns }),
      }),
  });
}

function errorsOf(scores: readonly Score[]) {
  return scores.map(({ file, errors }) => ({ file, ...errors }));
}

export function pictureTitle(name: string, { fitted }: Calibration, scores: readonly Score[]): string {
  const steps = [...fitted, ...scores].reduce((sum, one) => sum + one.steps.length, 0);
  return `${name}: ${steps} steps, measured against predicted`;
}

/** With lists of numbers on one line each. */
export function profileJson(profile: Calibration["profile"]): string {
  const spread = JSON.stringify(profile, null, 2);
  return `${spread.replace(/\[[\d\s.,]+\]/g, (list) => list.replace(/\s+/g, " "))}\n`;
}

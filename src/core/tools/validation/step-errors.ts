// Every recorded step held against what the profile says of it, without running anything: which kind of step a profile
// gets wrong. Time on the GPU and time on the host apart.

import { instant, MICROS_PER_SECOND } from "../../base/units.js";
import { buildProfile } from "../../server/profile/build.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { MICROS_PER_MILLI, type StepProfile } from "../../server/profile/step-profile.js";
import { BoostClock } from "../../server/replica/batching/boost-clock.js";
import { type ErrorReport, errorReport } from "../calibration/regimes.js";
import type { StepLog, StepPoint } from "../calibration/step-point.js";
import { type Compared, compared } from "./compared.js";

export interface StepErrors {
  /** Of the time on the GPU; of the wall time where the log has no other. */
  readonly gpu: ErrorReport;
  /** Mean milliseconds of a step outside the GPU; null where the log does not tell the two apart. */
  readonly host: { readonly decode: Compared; readonly prefill: Compared } | null;
  /** What was assumed in reading the log, a sentence each. */
  readonly notes: readonly string[];
}

/** Takes at least one point, in any order. */
export function stepErrors(file: ProfileFile, { points: logged, notes }: StepLog): StepErrors {
  // The clock of the GPU goes through them in time; those of one log all say when they began, or none does.
  const points = [...logged].sort((one, other) => (one.start ?? 0) - (other.start ?? 0));
  const withHost = buildProfile(file);
  const predicted = predictions(file, points);
  const gpu = errorReport(
    points.map((point, index) => ({ point, predicted: predicted[index]! / MICROS_PER_MILLI })),
  );
  const withoutHost = buildProfile(hostless(file));
  const hostOf = ({ decoding, prefillTokens }: StepPoint) =>
    (withHost.base(decoding, prefillTokens) - withoutHost.base(decoding, prefillTokens)) / MICROS_PER_MILLI;
  const split = points.filter((point) => point.host !== undefined);
  const hostError = (own: readonly StepPoint[]) =>
    compared(
      meanOf(own, (point) => point.host ?? 0),
      meanOf(own, hostOf),
    );
  const host =
    split.length === 0
      ? null
      : {
          decode: hostError(split.filter((point) => point.prefillTokens === 0)),
          prefill: hostError(split.filter((point) => point.prefillTokens > 0)),
        };
  return { gpu, host, notes };
}

/**
 * Microseconds of each step on the GPU. A log whose rows are its tokens was taken without captured graphs: nothing is
 * padded then. Without times of day, steps count as sustained load: that is how single steps are timed.
 */
function predictions(file: ProfileFile, points: readonly StepPoint[]): number[] {
  const padded = buildProfile(hostless(file));
  const exact = buildProfile({ ...hostless(file), rows: {} });
  const { clock: law } = padded;
  const clock = new BoostClock(law?.memory ?? 1, law?.rest ?? 1);
  return points.map((point) => {
    const { decoding, prefillTokens, rows, start } = point;
    const profile = rows === decoding + prefillTokens ? exact : padded;
    const plain = stepMicros(profile, point);
    if (profile.clock === undefined || start === undefined) return plain;
    const began = instant(Math.round(start * MICROS_PER_SECOND));
    const ended = instant(began + Math.round((point.gpu + (point.host ?? 0)) * MICROS_PER_MILLI));
    const { boost, drag, decodeDrag } = profile.clock;
    if (prefillTokens === 0) return plain * (1 + decodeDrag * clock.meanLow(began, ended));
    const low = clock.lowAt(began);
    const saved = boost(decoding, prefillTokens);
    if (saved === 0) return plain + low * drag(decoding, prefillTokens);
    clock.spend(began, ended);
    return plain - saved * (1 - low);
  });
}

function stepMicros(
  profile: StepProfile,
  { decoding, prefillTokens, context, area, priorContext }: StepPoint,
): number {
  const attention = decoding > 0 ? profile.slope(decoding) * context : 0;
  const prefill = prefillTokens > 0 ? profile.prefill(area, priorContext) : 0;
  return profile.base(decoding, prefillTokens) + attention + prefill;
}

function hostless(file: ProfileFile): ProfileFile {
  return { ...file, host: { step: 0, prefill: 0, perSequence: 0 } };
}

function meanOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

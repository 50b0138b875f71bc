// Drives long work in short slices, so that Ctrl-C gets through to the process and progress can be shown.
import { setImmediate } from "node:timers/promises";

/** Short enough that Ctrl-C feels immediate, long enough that the pauses between slices cost nothing. */
const SLICE_MS = 50;
const EVENTS_PER_CALL = 20_000;

export interface DriveOptions {
  /** Called after every slice. */
  readonly onSlice: () => void;
  /** Asked after every slice; the work stops where it is when this is true. */
  readonly isInterrupted: () => boolean;
}

/** Does the next part of the work, of so many events at most, and says whether that was the last. */
type Work = (events: number) => boolean;

/** True when the work came to its end, false when it was interrupted. */
export async function drive(work: Work, options: DriveOptions): Promise<boolean> {
  for (;;) {
    // Before the first slice too: many short runs in a row would never let a signal through.
    await setImmediate();
    if (options.isInterrupted()) return false;
    if (runSlice(work)) return true;
    options.onSlice();
  }
}

function runSlice(work: Work): boolean {
  const end = performance.now() + SLICE_MS;
  do {
    if (work(EVENTS_PER_CALL)) return true;
  } while (performance.now() < end);
  return false;
}

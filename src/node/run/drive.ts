// Drives a simulation in short slices, so that the process stays able to hear Ctrl-C and to show progress.
import { setImmediate } from "node:timers/promises";
import type { Simulation } from "../../core/index.js";

/** Short enough that Ctrl-C feels immediate, long enough that the pauses between slices cost nothing. */
const SLICE_MS = 50;
const EVENTS_PER_CALL = 20_000;

export interface DriveOptions {
  /** Called after every slice. */
  readonly onSlice: () => void;
  /** Asked after every slice; the run stops where it is when this is true. */
  readonly isInterrupted: () => boolean;
}

/** True when the run came to its end, false when it was interrupted. */
export async function drive(simulation: Simulation, options: DriveOptions): Promise<boolean> {
  for (;;) {
    // Before the first slice too: many short runs in a row would never let a signal through.
    await setImmediate();
    if (options.isInterrupted()) return false;
    if (runSlice(simulation)) return true;
    options.onSlice();
  }
}

function runSlice(simulation: Simulation): boolean {
  const end = performance.now() + SLICE_MS;
  do {
    if (simulation.run(EVENTS_PER_CALL)) return true;
  } while (performance.now() < end);
  return false;
}

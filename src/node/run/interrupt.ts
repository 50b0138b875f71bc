// A signal during a run: the first asks the run to stop and tell what it has, the second ends the process at once.
import { holdSignals } from "../signals.js";

export interface Interrupt {
  readonly isRequested: () => boolean;
  /** Gives the signals their usual meaning back. */
  readonly release: () => void;
}

/** `abandon` tidies up before the second signal ends the process; it must be quick and synchronous. */
export function watchInterrupt(abandon: () => void): Interrupt {
  let requested = false;
  const release = holdSignals(() => {
    if (requested) {
      abandon();
      return false;
    }
    requested = true;
    return true;
  });
  return { isRequested: () => requested, release };
}

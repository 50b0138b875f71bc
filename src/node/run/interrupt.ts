// Ctrl-C during a run: the first asks the run to stop and tell what it has, the second ends the process at
// once.
import { ExitCode } from "../exit-code.js";

export interface Interrupt {
  readonly isRequested: () => boolean;
  /** Gives Ctrl-C its usual meaning back. */
  readonly release: () => void;
}

/** `abandon` tidies up before the second Ctrl-C ends the process; it must be quick and synchronous. */
export function watchInterrupt(abandon: () => void): Interrupt {
  let requested = false;
  const onSignal = () => {
    if (requested) {
      abandon();
      process.exit(ExitCode.interrupted);
    }
    requested = true;
  };
  process.on("SIGINT", onSignal);
  return { isRequested: () => requested, release: () => process.off("SIGINT", onSignal) };
}

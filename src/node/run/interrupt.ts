// Ctrl-C during a run, or the SIGTERM of whoever runs it: the first asks the run to stop and tell what
// it has, the second ends the process at once.
import { ExitCode } from "../exit-code.js";

export interface Interrupt {
  readonly isRequested: () => boolean;
  /** Gives the signals their usual meaning back. */
  readonly release: () => void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

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
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  return { isRequested: () => requested, release };
}

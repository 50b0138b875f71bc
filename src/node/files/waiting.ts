// Waits in this thread until something is there, for a limited time. The event loop stands still meanwhile.
import { whileSignalsEnd } from "../signals.js";

/** What is over sooner is not worth a change of what signals do. */
const SHORT_MS = 250;

export interface WaitOptions {
  readonly patienceMs: number;
  /** Passes the time until the next look. */
  readonly pause: () => void;
}

/**
 * Looks until there is something, at least once; undefined where it takes longer than the patience. A thread that waits
 * cannot be told of a signal, so that in a longer wait a signal ends the process at once.
 */
export function waitFor<Value>(
  look: () => Value | undefined,
  { patienceMs, pause }: WaitOptions,
): Value | undefined {
  const started = performance.now();
  const waited = () => performance.now() - started;
  const lookFor = (atMost: number): Value | undefined => {
    for (;;) {
      const value = look();
      if (value !== undefined || waited() >= atMost) return value;
      pause();
    }
  };
  const soon = lookFor(Math.min(SHORT_MS, patienceMs));
  return soon !== undefined || waited() >= patienceMs ? soon : whileSignalsEnd(() => lookFor(patienceMs));
}

export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

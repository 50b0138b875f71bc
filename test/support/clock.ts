// A clock for tests of what looks at one - progress, slices of long work, patience - so that what they see does not
// depend on how fast the machine is. Knows nothing of timers and of what sleeps, which keep the system's time.
import { setImmediate } from "node:timers/promises";
import { onTestFinished, vi } from "vitest";

/**
 * Until the test is over, every look at the clock finds it so many milliseconds later, on any machine; with 0 it stands
 * still.
 */
export function everyLookTakes(milliseconds: number): void {
  let now = performance.now();
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += milliseconds;
    return now;
  });
  onTestFinished(async () => {
    // What is put off to the next turn of the event loop belongs to this clock, too.
    await setImmediate();
    clock.mockRestore();
  });
}

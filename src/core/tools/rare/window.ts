// The window that every trajectory of a rare-event estimate runs: a scenario with another warm-up and length. Short,
// because a copy of a trajectory repeats it from the start.
import { SurgefleetError } from "../../base/errors.js";
import type { Duration } from "../../base/units.js";
import { duration, showDuration } from "../../document/units.js";
import type { Scenario } from "../../scenario/schema.js";

/** Lengths as scenarios write them, "60s", or in seconds. */
export interface WindowOptions {
  /** What goes before the measured window (default: the scenario's warm-up). */
  readonly warmup?: string | number | undefined;
  /** Length of the measured window (default: as long as the warm-up, or what the scenario has). */
  readonly window?: string | number | undefined;
}

/** Throws USAGE for lengths that are none, and where neither the options nor the scenario say how long it is. */
export function windowOf(scenario: Scenario, options: WindowOptions): Scenario {
  if (options.warmup === undefined && scenario.findsWarmup) {
    throw usage('the scenario leaves its warm-up open ("auto"): say how long it is with warmup');
  }
  const warmup = options.warmup === undefined ? scenario.warmup : lengthOf(options.warmup, "warmup");
  const window =
    options.window === undefined ? defaultWindow(scenario, warmup) : lengthOf(options.window, "window");
  if (window === 0) throw usage("the window must be longer than 0s");
  return { ...scenario, warmup, duration: (warmup + window) as Duration, findsWarmup: false };
}

/** Shorter ones spend most of their events on the warm-up, longer ones on repeating what came before a copy. */
function defaultWindow({ duration: whole }: Scenario, warmup: Duration): Duration {
  if (whole === undefined) {
    if (warmup > 0) return warmup;
    throw usage("the scenario has neither a duration nor a warm-up: say how long the window is");
  }
  const rest = (whole - warmup) as Duration;
  if (rest <= 0) {
    const length = `${showDuration(warmup)} of the scenario's ${showDuration(whole)}`;
    throw usage(`a warm-up of ${length} leaves no window: say how long the window is`);
  }
  return warmup > 0 && warmup < rest ? warmup : rest;
}

function lengthOf(text: string | number, name: string): Duration {
  const parsed = duration().safeParse(text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usage(`${name}: ${issue?.message ?? "not a length of time"}`);
}

function usage(message: string): SurgefleetError {
  return new SurgefleetError("USAGE", message);
}

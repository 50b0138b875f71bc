// The measured window of a run, and how long what began in it is followed afterwards. Cut off at the window's end,
// whatever takes long would be left out of the numbers (right censoring); so traffic goes on, uncounted and at the same
// load, until what began in the window has ended, for at most one window more. Knows a scenario's times only.
import { after, earlier, type Instant, NEVER, START, since } from "../base/units.js";
import type { Scenario } from "../scenario/schema.js";

/** What is followed to its end: attempts and requests, as results need; attempts alone; nothing. */
export type Followed = "all" | "attempts" | "nothing";

export interface MeasuredWindow {
  readonly from: Instant;
  /** NEVER where only a trace knows. */
  readonly until: Instant;
  /** Nothing arrives from here on. */
  readonly arrivalsUntil: Instant;
  /** The run ends here at the latest; NEVER where it waits for all that has arrived. */
  readonly followedUntil: Instant;
}

export function measuredWindow(
  { warmup, duration, drain }: Pick<Scenario, "warmup" | "duration" | "drain">,
  followed: Followed = "all",
): MeasuredWindow {
  const from = after(START, warmup);
  if (duration === undefined) return { from, until: NEVER, arrivalsUntil: NEVER, followedUntil: NEVER };
  const until = after(START, duration);
  if (drain) return { from, until, arrivalsUntil: until, followedUntil: NEVER };
  const followedUntil = followed === "nothing" ? until : after(until, since(until, earlier(from, until)));
  return { from, until, arrivalsUntil: followedUntil, followedUntil };
}

// What a refusal says to a caller who reads its status and code and nothing else: over a limit, no room, or broken. It
// is what alerts and fallbacks of callers go by, right or wrong: where one status stands for several causes, some are
// misread. The rule is ours, and as plain as most alerts are.
import { Outcome } from "../base/outcome.js";

/** Statuses under which a code may say that there is no room; under any other it is not looked at. */
const ABOUT_ROOM: readonly number[] = [498, 503, 529];

function namesRoom(code: string): boolean {
  return code.includes("overload") || code.includes("capacity");
}

/**
 * The outcome that a status and the code of its body name: 429 an account limit; 498, 503 and 529 an overload where the
 * code says so; every other 5xx, and 408, a failure of the provider; no status at all a time-out; the rest a call that
 * was wrong. Allocates nothing.
 */
export function readAs(status: number, code: string): Outcome {
  if (status === 429) return Outcome.rateLimited;
  if (ABOUT_ROOM.includes(status) && namesRoom(code)) return Outcome.overloaded;
  if (status === 408 || status >= 500) return Outcome.unavailable;
  return status === 0 ? Outcome.timedOut : Outcome.invalid;
}

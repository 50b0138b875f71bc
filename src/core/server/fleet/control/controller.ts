// What decides how many instances a pool has: a controller acts now and then, in the phase of control, when all that
// completes at that instant has completed.
import type { Instant } from "../../../base/units.js";

export interface Controller {
  /** Whether it acts though the control plane is down, of which it is no part; default: it waits. */
  readonly isApart?: boolean;
  /** Does what is due, and says when to act again: later than now, or NEVER. It may be asked sooner than that. */
  act(now: Instant): Instant;
}

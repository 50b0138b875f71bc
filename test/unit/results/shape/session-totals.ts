// Books of sessions made by hand, for the tests of this folder.

import type { SessionTotals } from "../../../../src/core/stats/session-lives.js";
import { SessionLives } from "../../../../src/core/stats/session-lives.js";

/**
 * Finished ones by their seconds, each of two requests for 30 cents; abandoned ones after 5 s and 10 cents; of open
 * ones no more than that they began.
 */
export function sessionTotals(durations: readonly number[], abandoned = 0, open = 0): SessionTotals {
  const lives = new SessionLives();
  for (const duration of durations) {
    lives.entered(0);
    lives.spent(duration * 1e6, 0.3);
    lives.finished(duration * 1e6, 2);
  }
  for (let session = 0; session < abandoned; session++) {
    lives.entered(0);
    lives.spent(5e6, 0.1);
    lives.abandoned(5e6);
  }
  for (let session = 0; session < open; session++) {
    lives.entered(0);
    lives.left(0);
  }
  return {
    startedCount: durations.length + abandoned + open,
    finishedCount: durations.length,
    abandonedCount: abandoned,
    lives,
  };
}

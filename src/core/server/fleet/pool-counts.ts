// What has come to a pool and become of it, counted since the start of the run: what autoscalers tell rates by. An
// attempt counts as having arrived once its account's limits have let it through. Times a pool stood without a replica
// that takes requests are told by what attempts waited because of it.
import { Outcome, outcomeOf, type Reason } from "../../base/outcome.js";
import type { Duration } from "../../base/units.js";

export class PoolCounts {
  arrived = 0;
  promptTokens = 0;
  shed = 0;
  completed = 0;
  outputTokens = 0;
  /** Attempts let in whose outputs end where the memory of a replica does, and the tokens that they lack for it. */
  cutOutputs = 0;
  cutTokens = 0;
  /** Attempts that started, and had arrived when no replica took requests; microseconds that they waited together. */
  coldWaits = 0;
  coldWaited = 0;

  /** An attempt has been let in, to wait or to start. */
  arrives(promptTokens: number): void {
    this.arrived++;
    this.promptTokens += promptTokens;
  }

  /** One has been turned away for that reason. */
  turnsAway(reason: Reason, promptTokens: number): void {
    if (outcomeOf(reason) !== Outcome.overloaded) return;
    this.shed++;
    this.arrives(promptTokens);
  }

  /** One that had been let in has been ended by the server. */
  ends(reason: Reason): void {
    const outcome = outcomeOf(reason);
    if (outcome === Outcome.overloaded || outcome === Outcome.evicted) this.shed++;
  }

  completes(outputTokens: number): void {
    this.completed++;
    this.outputTokens += outputTokens;
  }

  cuts(tokens: number): void {
    this.cutOutputs++;
    this.cutTokens += tokens;
  }

  hasWaitedCold(wait: Duration): void {
    this.coldWaits++;
    this.coldWaited += wait;
  }
}

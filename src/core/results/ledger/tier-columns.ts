// What a run counts of one tier, or of some callers: attempts and requests by how they ended, tokens, and how long
// things took. Columns add up, so that tiers and callers make a total and short stretches a long one. Knows neither
// single requests nor when they came.
import { NONE } from "../../base/none.js";
import { OUTCOMES, Outcome, outcomeOf, REASONS, type Reason } from "../../base/outcome.js";
import { REFUSAL_STATUSES, statusPlace } from "../../base/status.js";
import { MICROS_PER_SECOND } from "../../base/units.js";
import { LogHistogram } from "../../stats/log-histogram.js";
import { QuantileSketch, type QuantileSketchOptions } from "../../stats/quantile-sketch.js";

/** Resolution of the sketches: a microsecond for times, a thousandth of a token per second for speeds. */
const TIME_UNIT = 1 / MICROS_PER_SECOND;
const SPEED_UNIT = 1e-3;

/** Whatever a column is, it adds up. */
type Counted = number | Float64Array | QuantileSketch | LogHistogram;

export class TierColumns {
  attempts = 0;
  readonly outcomes: Float64Array = new Float64Array(OUTCOMES.length);
  readonly reasons: Float64Array = new Float64Array(REASONS.length);
  /** Refused attempts by the status that their callers saw, and those whose status and code name another cause. */
  readonly statuses: Float64Array = new Float64Array(REFUSAL_STATUSES.length);
  misread = 0;
  requestsOffered = 0;
  /** Attempts for those requests, whenever and wherever they were sent. */
  requestAttempts = 0;
  requestsCompleted = 0;
  requestsFailed = 0;
  /** Of the failed, those that their clients gave up after a refusal or a timeout. */
  requestsGivenUp = 0;
  /** Neither, when the run stopped. */
  requestsOpen = 0;
  /** Of the failed: what their last attempt failed for. */
  readonly requestReasons: Float64Array = new Float64Array(REASONS.length);
  /** Failures that a client followed up with another attempt, by reason. */
  readonly retries: Float64Array = new Float64Array(REASONS.length);
  /** Tries that a client did not let leave, and second attempts that it sent beside a first. */
  clientRejected = 0;
  hedges = 0;
  /** Attempts served as another tier than they asked for, and those served in another pool than that tier's own. */
  demoted = 0;
  spilled = 0;
  /** What tokens of demoted attempts cost more or less than at their own tier's price: millionths of a dollar. */
  readonly costShift: Float64Array = new Float64Array(3);
  /** Work for attempts whose callers never got it whole: prompt tokens computed, tokens generated. */
  wastedPrefillTokens = 0;
  wastedDecodeTokens = 0;
  inputTokens = 0;
  cachedTokens = 0;
  outputTokens = 0;
  /** Of the completed attempts, those that missed the objective of their tier, and their output tokens. */
  objectivesMissed = 0;
  missedTokens = 0;
  /** Tokens generated inside the measured window, by whomever. */
  generatedTokens = 0;
  readonly ttft: QuantileSketch;
  readonly tokensPerSecond: QuantileSketch;
  readonly latency: QuantileSketch;
  readonly queueWait: QuantileSketch;
  /** Tokens of single completed attempts. */
  readonly inputLengths: LogHistogram = new LogHistogram("chart");
  readonly outputLengths: LogHistogram = new LogHistogram("chart");

  /** Sketches are exact up to the limit of QuantileSketch unless told otherwise. */
  constructor(sketches: Omit<QuantileSketchOptions, "unit"> = {}) {
    this.ttft = new QuantileSketch({ ...sketches, unit: TIME_UNIT });
    this.tokensPerSecond = new QuantileSketch({ ...sketches, unit: SPEED_UNIT });
    this.latency = new QuantileSketch({ ...sketches, unit: TIME_UNIT });
    this.queueWait = new QuantileSketch({ ...sketches, unit: TIME_UNIT });
  }

  requestOffered(): void {
    this.requestsOffered++;
  }

  requestAttempted(): void {
    this.requestAttempts++;
  }

  /** Neither completed nor failed when the run stopped. */
  requestOpen(): void {
    this.requestsOpen++;
  }

  attemptArrived(): void {
    this.attempts++;
  }

  attemptInFlight(): void {
    this.outcomes[Outcome.inFlight]!++;
  }

  /** Inside the measured window. */
  generated(tokens: number): void {
    this.generatedTokens += tokens;
  }

  wasted(prefillTokens: number, decodeTokens: number): void {
    this.wastedPrefillTokens += prefillTokens;
    this.wastedDecodeTokens += decodeTokens;
  }

  objectiveMissed(outputTokens: number): void {
    this.objectivesMissed++;
    this.missedTokens += outputTokens;
  }

  /** Completed attempts that met the objective of their tier: all where it has none. */
  get objectivesMet(): number {
    return this.outcomes[Outcome.completed]! - this.objectivesMissed;
  }

  /** Their output tokens. */
  get goodTokens(): number {
    return this.outputTokens - this.missedTokens;
  }

  /** Uncached input, cached input and output. */
  costShifted(input: number, cached: number, output: number): void {
    this.costShift[0]! += input;
    this.costShift[1]! += cached;
    this.costShift[2]! += output;
  }

  requestEnded(reason: Reason): void {
    const outcome = outcomeOf(reason);
    if (outcome === Outcome.completed) {
      this.requestsCompleted++;
      return;
    }
    this.requestsFailed++;
    this.requestReasons[reason]!++;
    if (outcome !== Outcome.invalid) this.requestsGivenUp++;
  }

  /** `status` is what its caller saw; one that no refusal carries is not counted as such. */
  attemptFailed(reason: Reason, status = 0, isMisread = false): void {
    this.outcomes[outcomeOf(reason)]!++;
    this.reasons[reason]!++;
    const place = statusPlace(status);
    if (place === NONE) return;
    this.statuses[place]!++;
    if (isMisread) this.misread++;
  }

  /** Seconds, and tokens per second; NaN where there is no speed to speak of. */
  attemptCompleted(latency: number, speed: number): void {
    this.outcomes[Outcome.completed]!++;
    this.latency.add(latency);
    if (!Number.isNaN(speed)) this.tokensPerSecond.add(speed);
  }

  tokensCompleted(input: number, cached: number, output: number): void {
    this.inputTokens += input;
    this.cachedTokens += cached;
    this.outputTokens += output;
    this.inputLengths.add(input);
    this.outputLengths.add(output);
  }

  /** Counts everything that the other has counted, which stays as it is. */
  merge(other: TierColumns): void {
    const counts = this as unknown as Record<string, number>;
    for (const [name, theirs] of Object.entries(other) as [string, Counted][]) {
      if (typeof theirs === "number") counts[name]! += theirs;
      else if (theirs instanceof Float64Array) {
        const own = this[name as "outcomes"];
        for (let index = 0; index < theirs.length; index++) own[index]! += theirs[index]!;
      } else if (theirs instanceof QuantileSketch) this[name as "ttft"].merge(theirs);
      else this[name as "inputLengths"].merge(theirs);
    }
  }
}

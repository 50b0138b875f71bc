// Continuous batching, one step at a time: two events a step, and every sequence touched in each. The reference that
// macro-replica.ts has to equal bit for bit (LAW-5), and the slower of the two by far.
import { type Instant, NEVER } from "../../../base/units.js";
import { Phase } from "../../../kernel/phase.js";
import { PacedReplica, stretched } from "./paced-replica.js";
import type { Sequence } from "./sequence.js";

export class StepReplica extends PacedReplica {
  /** In the order in which they joined; those that complete at the same boundary leave in this order. */
  readonly #decoding: Sequence[] = [];
  readonly #progressions = this.workspace.progressions;
  /** Steps that ever ended. */
  #ended = 0;
  /** Steps of the epoch that have started. */
  #started = 0;
  #batchChanged = true;
  #isStepping = false;
  #isMixed = false;
  /** Whether an event for the start of a step is in the queue. */
  #isStarting = false;

  protected decodingBlocks(): number {
    return this.#blocksAhead(this.#isStepping ? 1 : 0);
  }

  protected decodingBlocksAtMost(): number {
    return this.decodingBlocks();
  }

  protected decodingTokens(): number {
    return this.#contextAhead(this.#isStepping ? 1 : 0);
  }

  protected stepsStarted(): number {
    return this.#ended + (this.#isStepping ? 1 : 0);
  }

  protected isInStep(): boolean {
    return this.#isStepping;
  }

  protected isInPrefillStep(): boolean {
    return this.#isStepping && this.#isMixed;
  }

  protected changeComes(now: Instant): void {
    if (this.#isStepping || this.#isStarting || this.slotsBusy === 0) return;
    this.#wakeAt(this.ownTime(now), Phase.step);
  }

  protected get alarmPhase(): Phase {
    return this.#isStarting ? Phase.step : Phase.completion;
  }

  protected delay(): void {
    // Keeps no instants but the alarm's.
  }

  protected changePace(now: Instant, times: number): void {
    this.#batchChanged = true;
    if (this.#isStepping) this.#wakeAt(stretched(this.alarmAt, now, times), Phase.completion);
  }

  protected stopDecoding(sequence: Sequence): void {
    this.#decoding.splice(this.#decoding.indexOf(sequence), 1);
    this.#batchChanged = true;
  }

  protected get decodingSequences(): readonly Sequence[] {
    return this.#decoding;
  }

  protected decodingSequence(id: number): Sequence | undefined {
    return this.#decoding.find((sequence) => sequence.id === id);
  }

  protected doneBy(sequence: Sequence): number {
    return sequence.done;
  }

  protected stop(): void {
    this.clearAlarm();
    this.#isStepping = false;
    this.#isStarting = false;
  }

  wake(now: Instant): boolean {
    this.alarmCame();
    this.alarmAt = NEVER;
    if (this.#isStepping) return this.#endStep(now);
    this.#isStarting = false;
    if (this.hasNext(this.#ended)) this.#startStep(now);
    return false;
  }

  #wakeAt(at: Instant, phase: Phase): void {
    this.#isStarting = phase === Phase.step;
    this.setAlarm(at, phase);
  }

  #blocksAhead(steps: number): number {
    let blocks = 0;
    for (const sequence of this.#decoding) {
      blocks += this.memory.blocksFor(sequence.contextAfter(sequence.done + steps));
    }
    return blocks;
  }

  #contextAhead(steps: number): number {
    let tokens = 0;
    for (const sequence of this.#decoding) tokens += sequence.contextAfter(sequence.done + steps);
    return tokens;
  }

  #startStep(now: Instant): void {
    this.takeStepMemory(() => this.#blocksAhead(1), this.#decoding, now);
    this.#isMixed = this.schedulePrefills(this.#ended, this.#decoding.length);
    this.#isStepping = true;
    this.#wakeAt(this.#isMixed ? this.#mixedStepEnd(now) : this.#decodeStepEnd(now), Phase.completion);
  }

  #mixedStepEnd(now: Instant): Instant {
    this.#batchChanged = true;
    return this.workspace.mixed.plan(this.row, this.prefills, now, this.#rows, this.#sumContext);
  }

  /** Rows that the step that starts now decodes, and their context: those of sequences that have left included. */
  get #rows(): number {
    return this.#decoding.length + (this.departed?.rowsIn(this.#ended + 1) ?? 0);
  }

  get #sumContext(): number {
    return this.#contextAhead(0) + (this.departed?.contextIn(this.#ended + 1) ?? 0);
  }

  /** A step of decoding sequences alone: the next of the epoch, or the first of a new one. */
  #decodeStepEnd(now: Instant): Instant {
    const next = this.#started + 1;
    const hasDeparted = this.hasDeparted(this.#ended);
    if (this.#batchChanged || hasDeparted || this.#progressions.lastUpTo(this.row, next) < next) {
      const { profile } = this.options;
      const rows = this.#rows;
      const slope = profile.slope(rows);
      let perStep = 0;
      for (const sequence of this.#decoding) perStep += sequence.perStep;
      const first = profile.base(rows, 0) + slope * this.#sumContext;
      this.#progressions.begin(this.row, now, first, slope * perStep);
      this.#started = 0;
      this.#batchChanged = hasDeparted;
    }
    this.#started++;
    return this.#progressions.boundary(this.row, this.#started);
  }

  #endStep(now: Instant): boolean {
    this.beforeLeaving(now);
    this.#isStepping = false;
    this.#ended++;
    this.work.steps++;
    this.work.epochs++;
    this.#advance(now);
    if (this.#isMixed) this.#joinPrefilled(now);
    const changed = this.tell(now);
    if (this.hasNext(this.#ended) && !this.#isStarting) this.#wakeAt(now, Phase.step);
    return changed;
  }

  #advance(now: Instant): void {
    let kept = 0;
    for (const sequence of this.#decoding) {
      sequence.done++;
      if (sequence.done < sequence.steps) this.#decoding[kept++] = sequence;
      else this.leave(sequence, now);
    }
    if (kept < this.#decoding.length) this.#batchChanged = true;
    this.#decoding.length = kept;
  }

  #joinPrefilled(now: Instant): void {
    this.endPrefills(now);
    for (const sequence of this.workspace.prefilled) {
      if (sequence.done >= sequence.steps) this.leave(sequence, now);
      else this.#decoding.push(sequence);
    }
  }
}

// Continuous batching in macro-steps: one event for all steps up to the next change of the batch. Between two changes
// the step boundaries follow a closed form (progression.ts), and so do contexts and memory; so the next alarm is the
// earliest of the first completion and the end of the memory, and a sequence that comes or goes in between cuts the
// stretch at the end of the step in progress. Equal to step-replica.ts bit for bit (LAW-5).
//
// A stretch is planned as soon as one ends. Others may still come or go at that very instant: it is planned anew then.
// Only where memory is so short that its first step might preempt a sequence does it wait for the end of the instant.
import { type Duration, type Instant, START } from "../../../base/units.js";
import { Phase } from "../../../kernel/phase.js";
import { blocksAfter, stepsInMemory } from "./batch-memory.js";
import { CompletionHeap } from "./completion-heap.js";
import { PacedReplica, stretched } from "./paced-replica.js";
import type { Sequence } from "./sequence.js";

const Mode = {
  /** No sequence is inside. */
  idle: 0,
  /** A step ends right now; what comes next is not planned yet. */
  settling: 1,
  /** The next step starts when the instant is over. */
  starting: 2,
  /** One step with prefills. */
  mixed: 3,
  /** Decode steps alone. */
  decode: 4,
  /** Decode steps, and then one with prefills. */
  decodeThenMixed: 5,
} as const;

export class MacroReplica extends PacedReplica {
  readonly #batch = new CompletionHeap();
  readonly #progressions = this.workspace.progressions;
  #mode: (typeof Mode)[keyof typeof Mode] = Mode.idle;
  // As of `#from`, where the stretch in progress began: decode steps ever done, context, and what a step adds to it.
  #from: Instant = START;
  #steps = 0;
  #sumContext = 0;
  #sumPerStep = 0;
  /** Steps of the progression that were done at `#from`, and at which of them the stretch will end. */
  #taken = 0;
  #planned = 0;
  /** Where the step with prefills begins that is planned after decode steps. */
  #mixedFrom: Instant = START;
  #batchChanged = true;

  protected decodingBlocks(now: Instant): number {
    return this.#blocksAhead(this.#ahead(now));
  }

  protected decodingBlocksAtMost(): number {
    if (this.#mode < Mode.mixed) return this.#blocksAtMost(0);
    return this.#blocksAtMost(this.#mode === Mode.mixed ? 1 : this.#planned - this.#taken + 1);
  }

  protected decodingTokens(now: Instant): number {
    return this.#sumContext + this.#sumPerStep * this.#ahead(now);
  }

  protected get decodingSequences(): readonly Sequence[] {
    return this.#batch.sequences;
  }

  protected decodingSequence(id: number): Sequence | undefined {
    return this.#batch.sequences.find((sequence) => sequence.id === id);
  }

  protected doneBy(sequence: Sequence, now: Instant): number {
    return this.#steps + this.#decodedBy(now) - sequence.joined;
  }

  /** Decode steps that have ended since `#from`. */
  #decodedBy(now: Instant): number {
    if (this.#mode < Mode.decode) return 0;
    return Math.min(this.#endedBy(this.ownTime(now)), this.#planned) - this.#taken;
  }

  protected stepsStarted(now: Instant): number {
    return this.#steps + this.#ahead(now);
  }

  protected isInStep(now: Instant): boolean {
    return this.#ahead(now) > this.#decodedBy(now);
  }

  protected isInPrefillStep(now: Instant): boolean {
    const isMixed = this.#mode === Mode.mixed || this.#isPastMixedFrom(this.ownTime(now));
    return isMixed && this.isInStep(now);
  }

  #isPastMixedFrom(at: Instant): boolean {
    return this.#mode === Mode.decodeThenMixed && at > this.#mixedFrom;
  }

  protected stopDecoding(sequence: Sequence, now: Instant): void {
    sequence.done = this.doneBy(sequence, now);
    this.#batch.remove(sequence);
    this.#subtract(sequence);
    this.#batchChanged = true;
  }

  protected changeComes(now: Instant): void {
    if (this.#mode === Mode.settling) return;
    const at = this.ownTime(now);
    if (this.#mode === Mode.starting) {
      // All that was to start has gone: no step starts without a sequence, or with what one has left.
      if (this.slotsBusy === 0) this.#plan(at);
      return;
    }
    if (this.#mode === Mode.idle || this.#from === at) this.#plan(at);
    else if (this.#mode !== Mode.mixed && this.alarmAt > at) this.#cut(at);
  }

  protected get alarmPhase(): Phase {
    return this.#mode === Mode.starting ? Phase.step : Phase.completion;
  }

  protected delay(by: Duration): void {
    this.#from = (this.#from + by) as Instant;
    this.#mixedFrom = (this.#mixedFrom + by) as Instant;
  }

  protected changePace(now: Instant, times: number): void {
    this.#batchChanged = true;
    if (this.#mode < Mode.mixed) return;
    if (this.#mode !== Mode.mixed) this.#comeTo(now);
    if (this.#from === now) this.#plan(now);
    else if (this.#mode === Mode.mixed) this.setAlarm(stretched(this.alarmAt, now, times), Phase.completion);
    else {
      const end = stretched(this.#progressions.boundary(this.row, this.#taken + 1), now, times);
      this.#progressions.beginRest(this.row, now, end);
      this.#taken = 0;
      this.#planned = 1;
      this.#mode = Mode.decode;
      this.setAlarm(end, Phase.completion);
    }
  }

  /** The stretch in progress, of decode steps at first, begins with the step in progress, or right here. */
  #comeTo(now: Instant): void {
    const isMixed = this.#isPastMixedFrom(now);
    const ended = isMixed ? this.#planned : this.#endedBy(now);
    if (ended > this.#taken) {
      this.#from = this.#progressions.boundary(this.row, ended);
      this.#count(ended - this.#taken);
      this.#advance(ended - this.#taken);
      this.#taken = ended;
    }
    if (isMixed) this.#mode = Mode.mixed;
  }

  protected stop(now: Instant): void {
    const ended = this.#decodedBy(now);
    if (ended > 0) this.#count(ended);
    this.#idle();
  }

  wake(now: Instant): boolean {
    this.alarmCame();
    if (this.#mode === Mode.starting) {
      const lost = this.takeStepMemory(() => this.#blocksAhead(1), this.#batch.sequences, now);
      // Preempted sequences try to come back at the next step.
      this.#run(now, lost || (this.isRecovering && this.preempted.length === 0) ? 1 : this.#stepsInMemory());
      return false;
    }
    this.beforeLeaving(now);
    const isMixed = this.#mode !== Mode.decode;
    const steps = (this.#mode === Mode.mixed ? 0 : this.#planned - this.#taken) + (isMixed ? 1 : 0);
    this.#taken = this.#planned;
    this.#mode = Mode.settling;
    this.#count(steps);
    this.#advance(steps);
    this.#leaveBatch(now);
    if (isMixed) this.#joinPrefilled(now);
    const changed = this.tell(now);
    this.#plan(now);
    return changed;
  }

  /**
   * The decode steps in progress end with the next boundary, or right here; one later where that step was scheduled
   * already, unless it is another one than was planned here.
   */
  #cut(now: Instant): void {
    if (this.#isPastMixedFrom(now)) return;
    const ended = this.#endedBy(now);
    if (ended > this.#taken && this.#progressions.endedAt === now) {
      this.#count(ended - this.#taken);
      this.#advance(ended - this.#taken);
      this.#taken = ended;
      this.#plan(now);
      return;
    }
    const started = this.#steps + ended - this.#taken + 1;
    const isOther = this.#batchChanged || this.isRecovering || this.hasDeparted(started);
    // What joins takes memory that the next step was to have.
    const isAhead = this.departed !== undefined && !isOther && this.#lasts(ended + 2 - this.#taken);
    this.#planned = Math.min(this.#planned, ended + (isAhead ? 2 : 1));
    const steps = this.#planned - this.#taken;
    const boundary = this.#progressions.boundary(this.row, this.#planned);
    // Where nothing happens at that boundary but that prefills join, there is no need to wake up for it.
    let goesOn = this.prefills.count > 0 && this.#batch.firstFinish > this.#steps + steps;
    if (this.departed !== undefined)
      goesOn &&= isAhead && this.schedulePrefills(this.#steps + steps, this.#batch.size);
    if (goesOn && !this.isRecovering && this.#lasts(steps + 1)) {
      this.#mode = Mode.decodeThenMixed;
      this.#mixedFrom = boundary;
      const sumContext = this.#sumContext + steps * this.#sumPerStep;
      const { mixed } = this.workspace;
      const end = mixed.plan(this.row, this.prefills, boundary, this.#batch.size, sumContext);
      this.setAlarm(end, Phase.completion);
    } else {
      this.#mode = Mode.decode;
      this.setAlarm(boundary, Phase.completion);
    }
  }

  #count(steps: number): void {
    this.work.steps += steps;
    this.work.epochs++;
  }

  #advance(steps: number): void {
    this.#steps += steps;
    this.#sumContext += steps * this.#sumPerStep;
  }

  #leaveBatch(now: Instant): void {
    while (this.#batch.firstFinish === this.#steps) {
      const sequence = this.#batch.takeFirst();
      sequence.done = sequence.steps;
      this.#subtract(sequence);
      this.leave(sequence, now);
      this.#batchChanged = true;
    }
  }

  #joinPrefilled(now: Instant): void {
    this.#batchChanged = true;
    this.endPrefills(now);
    for (const sequence of this.workspace.prefilled) {
      if (sequence.done >= sequence.steps) this.leave(sequence, now);
      else {
        sequence.joined = this.#steps - sequence.done;
        sequence.finish = sequence.joined + sequence.steps;
        this.#batch.add(sequence);
        this.#sumContext += sequence.contextAfter(sequence.done);
        this.#sumPerStep += sequence.perStep;
      }
    }
  }

  #subtract(sequence: Sequence): void {
    this.#sumContext -= sequence.contextAfter(this.#steps - sequence.joined);
    this.#sumPerStep -= sequence.perStep;
  }

  /** Decides what comes next, from a boundary on. */
  #plan(now: Instant): void {
    if (!this.hasNext(this.#steps)) {
      this.#idle();
    } else if (this.preempted.length > 0 || !this.#lasts(1)) {
      this.#mode = Mode.starting;
      this.setAlarm(now, Phase.step);
    } else {
      this.#run(now, this.isRecovering || this.#batch.size === 0 ? 1 : this.#stepsInMemoryAtLeast());
    }
  }

  #idle(): void {
    this.#mode = Mode.idle;
    this.clearAlarm();
  }

  /** Starts a stretch of up to `most` steps. */
  #run(now: Instant, most: number): void {
    this.#from = now;
    const hasDeparted = this.hasDeparted(this.#steps);
    const rows = this.#batch.size + (hasDeparted ? this.departed!.rowsIn(this.#steps + 1) : 0);
    const sumContext = this.#sumContext + (hasDeparted ? this.departed!.contextIn(this.#steps + 1) : 0);
    if (this.schedulePrefills(this.#steps, this.#batch.size)) {
      this.#mode = Mode.mixed;
      const end = this.workspace.mixed.plan(this.row, this.prefills, now, rows, sumContext);
      this.setAlarm(end, Phase.completion);
      return;
    }
    this.#mode = Mode.decode;
    const isOther = this.#batchChanged || hasDeparted;
    if (isOther || this.#progressions.lastUpTo(this.row, this.#taken + 1) === this.#taken)
      this.#beginEpoch(now, rows, sumContext);
    // The batch of the step after is another one, or others are in it.
    this.#batchChanged = hasDeparted;
    const isAlone = hasDeparted || this.prefills.count > 0;
    const completion = this.#batch.firstFinish - this.#steps;
    const steps = isAlone ? 1 : Math.min(completion, most);
    this.#planned = this.#progressions.lastUpTo(this.row, this.#taken + steps);
    this.setAlarm(this.#progressions.boundary(this.row, this.#planned), Phase.completion);
  }

  #beginEpoch(now: Instant, rows: number, sumContext: number): void {
    const { profile } = this.options;
    const slope = profile.slope(rows);
    const first = profile.base(rows, 0) + slope * sumContext;
    this.#progressions.begin(this.row, now, first, slope * this.#sumPerStep);
    this.#taken = 0;
  }

  /** Steps of the progression that have ended by now, inclusively. */
  #endedBy(now: Instant): number {
    return this.#progressions.endedBefore(this.row, (now + 1) as Instant, this.#taken);
  }

  /** Steps since `#from`, the one in progress included; one that starts at this instant is not in progress yet. */
  #ahead(now: Instant): number {
    const at = this.ownTime(now);
    if (at === this.#from || this.#mode < Mode.mixed) return 0;
    if (this.#mode === Mode.mixed) return 1;
    if (this.#mode === Mode.decode && at === this.alarmAt) return this.#planned - this.#taken;
    if (this.#isPastMixedFrom(at)) return this.#planned - this.#taken + 1;
    return this.#progressions.endedBefore(this.row, at, this.#taken) + 1 - this.#taken;
  }

  #blocksAhead(steps: number): number {
    return blocksAfter(this.#steps + steps, this.#batch.sequences, this.memory);
  }

  /** No fewer than that: each sequence may waste a part of a block. */
  #blocksAtMost(steps: number): number {
    const tokens = this.#sumContext + this.#sumPerStep * steps;
    return Math.floor(tokens / this.memory.blockTokens) + this.#batch.size;
  }

  /** Whether memory lasts for that many steps for certain. */
  #lasts(steps: number): boolean {
    return this.memory.used(this.#blocksAtMost(steps)) <= this.memory.capacity;
  }

  /** Steps for which memory lasts for certain, once it is known to last for one. */
  #stepsInMemoryAtLeast(): number {
    const { memory } = this;
    const blocks = memory.capacity - memory.used(this.#batch.size);
    return Math.max(1, Math.floor((blocks * memory.blockTokens - this.#sumContext) / this.#sumPerStep));
  }

  /** Steps for which memory lasts, if not for all up to the first completion: at least one. */
  #stepsInMemory(): number {
    if (this.#batch.size === 0) return 1;
    const tooMany = this.#batch.firstFinish - this.#steps + 1;
    return stepsInMemory(tooMany, this.memory, (steps) => this.#blocksAhead(steps));
  }
}

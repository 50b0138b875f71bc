// What both forms of continuous batching have in common: the sequences inside, and all but decoding. Admission,
// prefills, memory, preemption and what a step with prefills takes are here; how decoding sequences advance, and how
// many steps one event stands for, are the business of step-replica.ts and macro-replica.ts.
//
// At a step boundary every decoding sequence gets its tokens; what is left of the token budget goes to prefills in
// order, in chunks. A prefill that completes in a step yields its next token at the end of that step. Memory is taken
// in blocks: for the whole prompt at admission, then as contexts grow, at the start of each step. Where a step finds
// none, the youngest sequence of the lowest tier is preempted: it loses its own, and is computed again before any new
// sequence of its tier is let in.
//
// With `stepAhead` a step is decided when the one before it starts: see step-ahead.ts. Memory is not taken ahead, and
// where a step finds none, it still holds the rows of the sequence that is preempted.
import { assert } from "../../../base/assert.js";
import type { Instant } from "../../../base/units.js";
import type { HaltedSequence, Replica, SequenceWork } from "../replica.js";
import { insertInTurn, nextVictim } from "./preemption-order.js";
import { Sequence } from "./sequence.js";
import { SequencesInside } from "./sequences-inside.js";

export abstract class BatchingReplica extends SequencesInside implements Replica {
  #admitted = 0;

  /** A sequence has joined the prefills, or may have to leave the batch: the step after the one in progress changes. */
  protected abstract changeComes(now: Instant): void;
  /** Takes a sequence out of the decoding ones and brings its `done` up to date. */
  protected abstract stopDecoding(sequence: Sequence, now: Instant): void;
  /** With nothing inside any more: the step in progress ends for good, and no alarm is left. */
  protected abstract stop(now: Instant): void;
  abstract setSpeed(speed: number, now: Instant): void;
  abstract wake(now: Instant): boolean;

  admit(id: number, work: SequenceWork, now: Instant): number {
    assert(this.openings > 0, "a sequence starts only through an opening");
    this.slotsBusy++;
    const sequence = this.workspace.spare.pop() ?? new Sequence();
    sequence.begin(id, this.#admitted++, work, this.options.profile, this.options.chance);
    sequence.prompt = work.inputTokens;
    if (this.departed !== undefined) {
      const { inputTokens, outputTokens } = work;
      sequence.endsAtLimit = outputTokens >= work.maxTokens || inputTokens + outputTokens >= this.kvTokens;
    }
    this.#startPrefill(sequence, this.memory.hit(sequence, sequence.prompt), now);
    this.changeComes(now);
    return sequence.prefilled;
  }

  cancel(id: number, now: Instant): number {
    this.beforeLeaving(now);
    const decoding = this.decodingSequence(id);
    const prefilling = this.prefills.find(id);
    const waiting = this.preemptedSequence(id);
    const sequence = decoding ?? prefilling ?? waiting;
    assert(sequence !== undefined, "a cancelled sequence is inside");
    let computed = 0;
    if (decoding !== undefined) {
      this.stopDecoding(decoding, now);
      this.#departsDecoding(decoding, now);
      computed = decoding.inputTokens + decoding.generatedAfter(decoding.done) - 1;
    } else if (prefilling !== undefined) {
      this.#stopPrefill(prefilling);
      this.#departsPrefilling(prefilling, now);
      computed = prefilling.prefilled - prefilling.loading;
    } else this.preempted.splice(this.preempted.indexOf(sequence), 1);
    this.memory.abandon(sequence, computed);
    this.workspace.spare.push(sequence);
    this.slotsBusy--;
    if (this.slotsBusy === 0) {
      this.isRecovering = false;
      this.hasJustLost = false;
    }
    this.changeComes(now);
    return sequence.generatedAfter(sequence.done);
  }

  halt(now: Instant): readonly HaltedSequence[] {
    this.beforeLeaving(now);
    const prefilling = [...this.prefills.sequences];
    const inside = [...this.decodingSequences, ...prefilling, ...this.preempted];
    inside.sort((one, other) => one.order - other.order);
    const halted = inside.map(({ id }) => {
      return { sequence: id, prefilled: this.prefilled(id), generated: this.generated(id, now) };
    });
    for (const sequence of prefilling) this.#stopPrefill(sequence);
    for (const sequence of [...this.decodingSequences]) this.stopDecoding(sequence, now);
    assert(inside.length === this.slotsBusy, "what is inside was counted");
    this.preempted.length = 0;
    this.slotsBusy = 0;
    for (const sequence of inside) this.memory.abandon(sequence, 0);
    this.memory.forget();
    this.workspace.spare.push(...inside);
    this.isRecovering = false;
    this.hasJustLost = false;
    this.stop(now);
    this.workspace.rows.close(this.row);
    return halted;
  }

  /** The prefills of the step in progress end: the workspace holds those that ended, with `done` brought up to date. */
  protected endPrefills(now: Instant): void {
    const { prefilled, mixed } = this.workspace;
    mixed.end(this.row, now);
    this.prefills.endStep(prefilled);
    for (const sequence of prefilled) {
      const done = sequence.doneAfterPrefill;
      this.memory.endPrefill(sequence, sequence.contextAfter(done));
      sequence.done = done;
    }
  }

  /** Reports the boundary at `now`, once all have moved: a listener may admit the next sequence at once. */
  protected tell(now: Instant): boolean {
    const { leaving, prefilled, spare } = this.workspace;
    let changed = leaving.length > 0 || prefilled.length > 0 || this.hasJustLost;
    this.hasJustLost = false;
    if (this.isRecovering && this.preempted.length === 0) {
      this.isRecovering = false;
      changed = true;
    }
    for (const sequence of prefilled) {
      if (sequence.answered) continue;
      sequence.answered = true;
      this.listener.firstToken(sequence.id, now);
    }
    for (const sequence of leaving) this.listener.completed(sequence.id, now);
    // Only now may they be used again. Popped one by one: setting a length gives the memory of an array away.
    while (leaving.length > 0) spare.push(leaving.pop()!);
    while (prefilled.length > 0) prefilled.pop();
    return changed;
  }

  /** A sequence that has all its tokens gives back its memory. */
  protected leave(sequence: Sequence, now: Instant): void {
    this.workspace.leaving.push(sequence);
    this.#departsDecoding(sequence, now);
    this.slotsBusy--;
    this.memory.release(sequence, sequence.inputTokens + sequence.outputTokens - 1);
  }

  /** Call before the first of the sequences that leave at a boundary. */
  protected beforeLeaving(now: Instant): void {
    this.notePeak(now);
    this.makeRoom(now);
  }

  /**
   * Gives all sequences the memory for the step that starts now, in which the decoding ones take `blocks()`. Returns
   * whether one was preempted for it; if not, preempted ones come back as far as there is room.
   */
  protected takeStepMemory(blocks: () => number, decoding: readonly Sequence[], now: Instant): boolean {
    const { memory } = this;
    this.beforeLeaving(now);
    const before = this.preempted.length;
    while (memory.used(blocks()) > memory.capacity)
      this.#preempt(nextVictim(decoding, this.prefills.sequences), now);
    memory.makeRoom(memory.used(blocks()));
    if (this.preempted.length > before) return true;
    if (before > 0) this.#readmit(blocks(), now);
    return false;
  }

  #preempt(victim: Sequence, now: Instant): void {
    const { preempted, work } = this;
    const isPrefilling = this.prefills.sequences.includes(victim);
    if (isPrefilling) {
      this.#stopPrefill(victim);
      this.#departsPrefilling(victim, now);
    } else {
      this.stopDecoding(victim, now);
      this.#departsDecoding(victim, now);
    }
    this.memory.release(victim, 0);
    victim.prompt = victim.inputTokens + victim.generatedAfter(victim.done);
    this.lostRank = this.isRecovering ? Math.min(this.lostRank, victim.rank) : victim.rank;
    this.isRecovering = true;
    this.hasJustLost = true;
    work.preemptions++;
    work.lostTokens += this.memory.keepInHost(victim, isPrefilling ? victim.prefilled : victim.prompt);
    insertInTurn(preempted, victim);
    this.listener.preempted(victim.id, now);
  }

  /** Lets preempted sequences in again, in order, as far as there is room while decoding takes this many blocks. */
  #readmit(decodingBlocks: number, now: Instant): void {
    const { preempted, prefills, memory, options } = this;
    while (preempted.length > 0 && prefills.count < options.maxPrefillSequences) {
      const sequence = preempted[0]!;
      const found = memory.hit(sequence, sequence.prompt);
      const more = memory.startNeeds(sequence.prefillContext);
      if (!memory.hasRoomFor(more, memory.used(decodingBlocks), this.slotsBusy === preempted.length)) return;
      preempted.shift();
      this.#startPrefill(sequence, found, now);
    }
  }

  /** `found` is what `memory.hit` has just said of it. */
  #startPrefill(sequence: Sequence, found: number, now: Instant): void {
    this.memory.startPrefill(sequence, sequence.prefillContext);
    sequence.restart(sequence.cachedTokens || found);
    this.memory.bringFromHost(sequence);
    if (this.departed !== undefined) sequence.joined = this.stepsStarted(now);
    this.prefills.add(sequence);
  }

  #stopPrefill(sequence: Sequence): void {
    this.prefills.remove(sequence);
    this.memory.breakPrefill(sequence.prefillContext);
  }

  /**
   * Settles which prefills are in the step that starts after so many, beside so many decoding sequences, and returns
   * whether any is, or was when the step was scheduled. Where nothing is scheduled, all that is there starts at once.
   */
  protected schedulePrefills(ended: number, decoding: number): boolean {
    const { departed, prefills } = this;
    if (departed === undefined) return prefills.count > 0;
    prefills.before = ended;
    prefills.departed = departed.prefillsIn(ended + 1);
    if (decoding === 0 && !departed.isIn(ended + 1) && !prefills.areDue)
      prefills.before = Number.POSITIVE_INFINITY;
    return prefills.areDue;
  }

  /** Whether anything is left to compute in the step that starts after so many. */
  protected hasNext(ended: number): boolean {
    return this.slotsBusy > 0 || this.hasDeparted(ended);
  }

  /** Whether the step that starts after so many holds rows of sequences that have left. */
  protected hasDeparted(ended: number): boolean {
    return this.departed?.isIn(ended + 1) ?? false;
  }

  /** One that was decoding has left: the next step is scheduled with its row, unless it was bound to end before. */
  #departsDecoding(sequence: Sequence, now: Instant): void {
    if (this.departed === undefined) return;
    this.#departs(sequence, sequence.done + (this.isInStep(now) ? 1 : 0), now);
  }

  /** One that was prefilling has left: if it was there when the next step was scheduled, that goes on with it. */
  #departsPrefilling(sequence: Sequence, now: Instant): void {
    if (this.departed === undefined) return;
    const started = this.stepsStarted(now);
    if (sequence.joined >= started) return;
    const { ticket, prompt } = sequence;
    const prefilled = sequence.prefilled + (this.isInPrefillStep(now) ? sequence.chunk : 0);
    if (prefilled === prompt) this.#departs(sequence, sequence.doneAfterPrefill, now);
    else this.departed.addPrefill(started + 1, { ticket, prefilled, prompt });
  }

  /** A row of the next step, before which it will have done so many decode steps. */
  #departs(sequence: Sequence, done: number, now: Instant): void {
    if (done >= sequence.steps && sequence.endsAtLimit) return;
    this.departed!.addRow(this.stepsStarted(now) + 1, sequence.contextAfter(done));
  }
}

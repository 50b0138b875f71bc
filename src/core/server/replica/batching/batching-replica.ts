// What both forms of continuous batching have in common: the sequences inside, and all but decoding. Admission,
// prefills, memory, preemption and what a step with prefills takes are here; how decoding sequences advance, and how
// many steps one event stands for, are the business of step-replica.ts and macro-replica.ts.
//
// At a step boundary every decoding sequence gets its tokens; what is left of the token budget goes to prefills in
// order, in chunks. A prefill that completes in a step yields its next token at the end of that step. Memory is taken
// in blocks: for the whole prompt at admission, then as contexts grow, at the start of each step. Where a step finds
// none, the youngest sequence of the lowest tier is preempted: it loses its own, and is computed again before any new
// sequence of its tier is let in.
import { assert } from "../../../base/assert.js";
import type { Instant } from "../../../base/units.js";
import type { EventQueue } from "../../../kernel/event-queue.js";
import { KvMemory, wholeBlocks } from "../kv/memory.js";
import type {
  HaltedSequence,
  Replica,
  ReplicaClock,
  ReplicaListener,
  ReplicaWork,
  SequenceWork,
} from "../replica.js";
import type { BatchingOptions } from "./options.js";
import { insertInTurn, nextVictim } from "./preemption-order.js";
import { Prefills } from "./prefills.js";
import { Sequence } from "./sequence.js";
import { Workspace } from "./workspace.js";

export abstract class BatchingReplica implements Replica {
  readonly slots: number;
  /** Sequences inside: those that prefill, decode or wait for memory. */
  slotsBusy = 0;
  readonly kvTokens: number;
  protected readonly options: BatchingOptions;
  protected readonly events: EventQueue;
  protected readonly kind: number;
  protected readonly subject: number;
  protected readonly listener: ReplicaListener;
  protected readonly memory: KvMemory;
  protected readonly prefills = new Prefills();
  /** In the rows of the workspace. */
  protected readonly row: number;
  /** Preempted sequences, which lost their memory, in the order in which they come back: by rank, then by admission. */
  protected readonly preempted: Sequence[] = [];
  protected readonly workspace: Workspace;
  /**
   * From a preemption to the first boundary at which all preempted sequences are back: of new ones, only such come in
   * as are shed later than all that lost their memory.
   */
  protected isRecovering = false;
  #lostRank = 0;
  /** Whether a sequence was preempted at the start of the step in progress: what that freed is seen at its end. */
  #hasJustLost = false;
  #admitted = 0;
  #peak = 0;

  constructor(
    options: BatchingOptions,
    { events, kind, subject }: ReplicaClock,
    listener: ReplicaListener,
    workspace = new Workspace(options),
  ) {
    this.options = options;
    this.events = events;
    this.kind = kind;
    this.subject = subject;
    this.listener = listener;
    this.workspace = workspace;
    this.slots = options.maxSequences;
    this.kvTokens = wholeBlocks(options);
    this.memory = new KvMemory(options);
    this.row = workspace.rows.open();
    workspace.mixed.begin(this.row);
  }

  /** Blocks of the decoding sequences at this instant; `atMost` is cheap, and at least as much. */
  protected abstract decodingBlocks(now: Instant): number;
  protected abstract decodingBlocksAtMost(): number;
  /** Context of the decoding sequences at this instant, the tokens in progress included. */
  protected abstract decodingTokens(now: Instant): number;
  /** A sequence has joined the prefills, or may have to leave the batch: the step after the one in progress changes. */
  protected abstract changeComes(now: Instant): void;
  /** Takes a sequence out of the decoding ones and brings its `done` up to date. */
  protected abstract stopDecoding(sequence: Sequence, now: Instant): void;
  /** In no order that means anything. */
  protected abstract get decodingSequences(): readonly Sequence[];
  protected abstract decodingSequence(id: number): Sequence | undefined;
  /** Decode steps that a decoding sequence has done. */
  protected abstract doneBy(sequence: Sequence, now: Instant): number;
  /** With nothing inside any more: the step in progress ends for good, and no alarm is left. */
  protected abstract stop(now: Instant): void;
  abstract setSpeed(speed: number, now: Instant): void;
  abstract wake(now: Instant): boolean;

  get work(): ReplicaWork {
    return this.workspace.work;
  }

  get openings(): number {
    return Math.min(this.options.maxPrefillSequences - this.prefills.count, this.slots - this.slotsBusy);
  }

  openingsWithout(id: number): number {
    const prefilling = this.prefills.count - (this.prefills.find(id) === undefined ? 0 : 1);
    return Math.min(this.options.maxPrefillSequences - prefilling, this.slots - this.slotsBusy + 1);
  }

  get rankLimit(): number {
    if (!this.isRecovering) return Number.POSITIVE_INFINITY;
    return this.#hasJustLost ? Number.NEGATIVE_INFINITY : this.#lostRank - 1;
  }

  kvUsed(now: Instant): number {
    return this.decodingTokens(now) + this.prefills.contextTokens - this.memory.sharedTokens;
  }

  kvPeak(now: Instant): number {
    this.#notePeak(now);
    return this.#peak;
  }

  forgetPeak(now: Instant): void {
    this.#peak = 0;
    this.#notePeak(now);
  }

  fits(work: SequenceWork, now: Instant): boolean {
    if (this.openings === 0 || work.rank > this.rankLimit) return false;
    this.#makeRoom(now);
    this.memory.hit(work, work.inputTokens);
    const more = this.memory.startNeeds(work.inputTokens + 1);
    const isEmpty = this.slotsBusy === 0;
    return (
      this.memory.hasRoomFor(more, this.#usedAtMost(), isEmpty) ||
      this.memory.hasRoomFor(more, this.#used(now), isEmpty)
    );
  }

  cacheHit(work: SequenceWork, now: Instant): number {
    this.#makeRoom(now);
    return Math.min(work.inputTokens - 1, work.cachedTokens || this.memory.hit(work, work.inputTokens));
  }

  admit(id: number, work: SequenceWork, now: Instant): number {
    assert(this.openings > 0, "a sequence starts only through an opening");
    this.slotsBusy++;
    const sequence = this.workspace.spare.pop() ?? new Sequence();
    sequence.begin(id, this.#admitted++, work, this.options.profile, this.options.chance);
    sequence.prompt = work.inputTokens;
    this.#startPrefill(sequence, this.memory.hit(sequence, sequence.prompt));
    this.changeComes(now);
    return sequence.prefilled;
  }

  cancel(id: number, now: Instant): number {
    this.beforeLeaving(now);
    const decoding = this.decodingSequence(id);
    const prefilling = this.prefills.find(id);
    const waiting = this.#preempted(id);
    const sequence = decoding ?? prefilling ?? waiting;
    assert(sequence !== undefined, "a cancelled sequence is inside");
    let computed = 0;
    if (decoding !== undefined) {
      this.stopDecoding(decoding, now);
      computed = decoding.inputTokens + decoding.generatedAfter(decoding.done) - 1;
    } else if (prefilling !== undefined) {
      this.#stopPrefill(prefilling);
      computed = prefilling.prefilled - prefilling.loading;
    } else this.preempted.splice(this.preempted.indexOf(sequence), 1);
    this.memory.abandon(sequence, computed);
    this.workspace.spare.push(sequence);
    this.slotsBusy--;
    if (this.slotsBusy === 0) {
      this.isRecovering = false;
      this.#hasJustLost = false;
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
    this.#hasJustLost = false;
    this.stop(now);
    this.workspace.rows.close(this.row);
    return halted;
  }

  prefilled(id: number): number {
    const sequence = this.decodingSequence(id) ?? this.prefills.find(id);
    return sequence === undefined ? 0 : sequence.prefilled - sequence.found;
  }

  generated(id: number, now: Instant): number {
    const decoding = this.decodingSequence(id);
    if (decoding !== undefined) return decoding.generatedAfter(this.doneBy(decoding, now));
    const other = this.prefills.find(id) ?? this.#preempted(id);
    return other?.generatedAfter(other.done) ?? 0;
  }

  visitGenerated(now: Instant, visit: (id: number, generated: number) => void): void {
    for (const sequence of this.decodingSequences)
      visit(sequence.id, sequence.generatedAfter(this.doneBy(sequence, now)));
    for (const sequence of this.prefills.sequences)
      visit(sequence.id, sequence.generatedAfter(sequence.done));
    for (const sequence of this.preempted) visit(sequence.id, sequence.generatedAfter(sequence.done));
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
    let changed = leaving.length > 0 || prefilled.length > 0 || this.#hasJustLost;
    this.#hasJustLost = false;
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
  protected leave(sequence: Sequence): void {
    this.workspace.leaving.push(sequence);
    this.slotsBusy--;
    this.memory.release(sequence, sequence.inputTokens + sequence.outputTokens - 1);
  }

  /** Call before the first of the sequences that leave at a boundary. */
  protected beforeLeaving(now: Instant): void {
    this.#notePeak(now);
    this.#makeRoom(now);
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
    if (before > 0) this.#readmit(blocks());
    return false;
  }

  #preempt(victim: Sequence, now: Instant): void {
    const { preempted, work } = this;
    const isPrefilling = this.prefills.sequences.includes(victim);
    if (isPrefilling) this.#stopPrefill(victim);
    else this.stopDecoding(victim, now);
    this.memory.release(victim, 0);
    victim.prompt = victim.inputTokens + victim.generatedAfter(victim.done);
    this.#lostRank = this.isRecovering ? Math.min(this.#lostRank, victim.rank) : victim.rank;
    this.isRecovering = true;
    this.#hasJustLost = true;
    work.preemptions++;
    work.lostTokens += this.memory.keepInHost(victim, isPrefilling ? victim.prefilled : victim.prompt);
    insertInTurn(preempted, victim);
    this.listener.preempted(victim.id, now);
  }

  /** Lets preempted sequences in again, in order, as far as there is room while decoding takes this many blocks. */
  #readmit(decodingBlocks: number): void {
    const { preempted, prefills, memory, options } = this;
    while (preempted.length > 0 && prefills.count < options.maxPrefillSequences) {
      const sequence = preempted[0]!;
      const found = memory.hit(sequence, sequence.prompt);
      const more = memory.startNeeds(sequence.prefillContext);
      if (!memory.hasRoomFor(more, memory.used(decodingBlocks), this.slotsBusy === preempted.length)) return;
      preempted.shift();
      this.#startPrefill(sequence, found);
    }
  }

  /** `found` is what `memory.hit` has just said of it. */
  #startPrefill(sequence: Sequence, found: number): void {
    this.memory.startPrefill(sequence, sequence.prefillContext);
    sequence.restart(sequence.cachedTokens || found);
    this.memory.bringFromHost(sequence);
    this.prefills.add(sequence);
  }

  #stopPrefill(sequence: Sequence): void {
    this.prefills.remove(sequence);
    this.memory.breakPrefill(sequence.prefillContext);
  }

  #preempted(id: number): Sequence | undefined {
    return this.preempted.find((sequence) => sequence.id === id);
  }

  #used(now: Instant): number {
    return this.memory.used(this.decodingBlocks(now));
  }

  #usedAtMost(): number {
    return this.memory.used(this.decodingBlocksAtMost());
  }

  /** The cache gives way as contexts grow; when exactly cannot be seen, so it is done before the cache is looked at. */
  #makeRoom(now: Instant): void {
    const { memory } = this;
    if (memory.idleBlocks === 0) return;
    if (memory.idleBlocks + this.#usedAtMost() > memory.capacity) memory.makeRoom(this.#used(now));
  }

  #notePeak(now: Instant): void {
    const tokens = this.kvUsed(now);
    if (tokens > this.#peak) this.#peak = tokens;
  }
}

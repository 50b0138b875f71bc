// What can be seen of a replica with continuous batching, whichever form its decoding has: the sequences inside, how
// far they are, and the memory that they take. Changes nothing but the mark of the most memory; what does is
// batching-replica.ts.
import type { Instant } from "../../../base/units.js";
import type { EventQueue } from "../../../kernel/event-queue.js";
import { KvMemory, wholeBlocks } from "../kv/memory.js";
import type { ReplicaClock, ReplicaListener, ReplicaWork, SequenceWork } from "../replica.js";
import type { BatchingOptions } from "./options.js";
import { Prefills } from "./prefills.js";
import type { Sequence } from "./sequence.js";
import { Departed } from "./step-ahead.js";
import { Workspace } from "./workspace.js";

export abstract class SequencesInside {
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
  /** What the next step holds that is scheduled already; undefined where none is scheduled ahead. */
  protected readonly departed: Departed | undefined;
  /**
   * From a preemption to the first boundary at which all preempted sequences are back: of new ones, only such come in
   * as are shed later than all that lost their memory.
   */
  protected isRecovering = false;
  protected lostRank = 0;
  /** Whether a sequence was preempted at the start of the step in progress: what that freed is seen at its end. */
  protected hasJustLost = false;
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
    this.departed = options.stepAhead ? new Departed() : undefined;
    this.row = workspace.rows.open();
    workspace.mixed.begin(this.row);
  }

  /** Blocks of the decoding sequences at this instant; `atMost` is cheap, and at least as much. */
  protected abstract decodingBlocks(now: Instant): number;
  protected abstract decodingBlocksAtMost(): number;
  /** Context of the decoding sequences at this instant, the tokens in progress included. */
  protected abstract decodingTokens(now: Instant): number;
  /** In no order that means anything. */
  protected abstract get decodingSequences(): readonly Sequence[];
  protected abstract decodingSequence(id: number): Sequence | undefined;
  /** Decode steps that a decoding sequence has done. */
  protected abstract doneBy(sequence: Sequence, now: Instant): number;
  /** Steps that have started, the one in progress included; one that starts at this instant is not in progress yet. */
  protected abstract stepsStarted(now: Instant): number;
  /** Whether a step is in progress, and one with prefills. */
  protected abstract isInStep(now: Instant): boolean;
  protected abstract isInPrefillStep(now: Instant): boolean;

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
    return this.hasJustLost ? Number.NEGATIVE_INFINITY : this.lostRank - 1;
  }

  kvUsed(now: Instant): number {
    return this.decodingTokens(now) + this.prefills.contextTokens - this.memory.sharedTokens;
  }

  kvPeak(now: Instant): number {
    this.notePeak(now);
    return this.#peak;
  }

  forgetPeak(now: Instant): void {
    this.#peak = 0;
    this.notePeak(now);
  }

  fits(work: SequenceWork, now: Instant): boolean {
    if (this.openings === 0 || work.rank > this.rankLimit) return false;
    this.makeRoom(now);
    this.memory.hit(work, work.inputTokens);
    const more = this.memory.startNeeds(work.inputTokens + 1);
    const isEmpty = this.slotsBusy === 0;
    return (
      this.memory.hasRoomFor(more, this.#usedAtMost(), isEmpty) ||
      this.memory.hasRoomFor(more, this.#used(now), isEmpty)
    );
  }

  cacheHit(work: SequenceWork, now: Instant): number {
    this.makeRoom(now);
    return Math.min(work.inputTokens - 1, work.cachedTokens || this.memory.hit(work, work.inputTokens));
  }

  prefilled(id: number): number {
    const sequence = this.decodingSequence(id) ?? this.prefills.find(id);
    return sequence === undefined ? 0 : sequence.prefilled - sequence.found;
  }

  generated(id: number, now: Instant): number {
    const decoding = this.decodingSequence(id);
    if (decoding !== undefined) return decoding.generatedAfter(this.doneBy(decoding, now));
    const other = this.prefills.find(id) ?? this.preemptedSequence(id);
    return other?.generatedAfter(other.done) ?? 0;
  }

  visitGenerated(now: Instant, visit: (id: number, generated: number) => void): void {
    for (const sequence of this.decodingSequences)
      visit(sequence.id, sequence.generatedAfter(this.doneBy(sequence, now)));
    for (const sequence of this.prefills.sequences)
      visit(sequence.id, sequence.generatedAfter(sequence.done));
    for (const sequence of this.preempted) visit(sequence.id, sequence.generatedAfter(sequence.done));
  }

  protected preemptedSequence(id: number): Sequence | undefined {
    return this.preempted.find((sequence) => sequence.id === id);
  }

  #used(now: Instant): number {
    return this.memory.used(this.decodingBlocks(now));
  }

  #usedAtMost(): number {
    return this.memory.used(this.decodingBlocksAtMost());
  }

  /** The cache gives way as contexts grow; when exactly cannot be seen, so it is done before the cache is looked at. */
  protected makeRoom(now: Instant): void {
    const { memory } = this;
    if (memory.idleBlocks === 0) return;
    if (memory.idleBlocks + this.#usedAtMost() > memory.capacity) memory.makeRoom(this.#used(now));
  }

  protected notePeak(now: Instant): void {
    const tokens = this.kvUsed(now);
    if (tokens > this.#peak) this.#peak = tokens;
  }
}

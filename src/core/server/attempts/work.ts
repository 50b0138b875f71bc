// What an attempt is to those who do the work: how much there is to generate, how far it has come, and whom to tell.
// The half of the attempt's row that what decides may not read (LAW-6), beside the other on a line that they share.
import { grown } from "../../base/grown.js";
import type { Instant } from "../../base/units.js";
import { NO_EVENT } from "../../kernel/event-queue.js";
import { AttemptPrompt } from "./stated/prompt.js";
import { LINE_COLUMNS, type StatedRows } from "./stated/rows.js";
import { LINE_DOUBLE_SHIFT, LINE_SHIFT, type SharedLines } from "./stated/shared-lines.js";

/** Whole numbers by place in the line, behind those that are stated, and doubles, which take two places, at its end. */
export const WORK_NUMBERS = ["outputTokens", "state", "generation", "instance", "queueTimer"] as const;
export const WORK_DOUBLES = ["arrivedAt", "serial"] as const;
/** Not in the line, but close together: of most attempts a first token asks for nothing else. */
export const WORK_APART = ["reference"] as const;

const place = (column: (typeof WORK_NUMBERS)[number]) => LINE_COLUMNS.length + WORK_NUMBERS.indexOf(column);
const OUTPUT = place("outputTokens");
const STATE = place("state");
const GENERATION = place("generation");
const INSTANCE = place("instance");
const QUEUE_TIMER = place("queueTimer");
/** The last of the line's eight doubles. */
const placeOfDouble = (column: (typeof WORK_DOUBLES)[number]) =>
  8 - WORK_DOUBLES.length + WORK_DOUBLES.indexOf(column);
const ARRIVED_AT = placeOfDouble("arrivedAt");
const SERIAL = placeOfDouble("serial");

export class WorkRows {
  #numbers: Int32Array = new Int32Array(0);
  #doubles: Float64Array = new Float64Array(0);
  #references = new Int32Array(0);

  grow({ numbers, doubles }: SharedLines, capacity: number): void {
    this.#numbers = numbers;
    this.#doubles = doubles;
    this.#references = grown(this.#references, capacity);
  }

  write(slot: number, reference: number, outputTokens: number, now: Instant, serial: number): void {
    const row = slot << LINE_SHIFT;
    this.#references[slot] = reference;
    this.#numbers[row + OUTPUT] = outputTokens;
    this.#numbers[row + QUEUE_TIMER] = NO_EVENT;
    this.#doubles[(slot << LINE_DOUBLE_SHIFT) + ARRIVED_AT] = now;
    this.#doubles[(slot << LINE_DOUBLE_SHIFT) + SERIAL] = serial;
  }

  outputTokens(slot: number): number {
    return this.#numbers[(slot << LINE_SHIFT) + OUTPUT]!;
  }

  /** Where it is served its answer ends after so many. */
  cutOutput(slot: number, outputTokens: number): void {
    this.#numbers[(slot << LINE_SHIFT) + OUTPUT] = outputTokens;
  }

  state(slot: number): number {
    return this.#numbers[(slot << LINE_SHIFT) + STATE]!;
  }

  enter(slot: number, state: number): void {
    this.#numbers[(slot << LINE_SHIFT) + STATE] = state;
  }

  /** Attempts that have had this slot before. */
  generation(slot: number): number {
    return this.#numbers[(slot << LINE_SHIFT) + GENERATION]!;
  }

  endGeneration(slot: number): void {
    this.#numbers[(slot << LINE_SHIFT) + GENERATION]!++;
  }

  /** The caller's number for it. */
  reference(slot: number): number {
    return this.#references[slot]!;
  }

  /** Slot of the instance in which it runs. */
  instance(slot: number): number {
    return this.#numbers[(slot << LINE_SHIFT) + INSTANCE]!;
  }

  startOn(slot: number, instance: number): void {
    this.#numbers[(slot << LINE_SHIFT) + INSTANCE] = instance;
  }

  /** The event that ends its wait in the queue. */
  queueTimer(slot: number): number {
    return this.#numbers[(slot << LINE_SHIFT) + QUEUE_TIMER]!;
  }

  setQueueTimer(slot: number, timer: number): void {
    this.#numbers[(slot << LINE_SHIFT) + QUEUE_TIMER] = timer;
  }

  arrivedAt(slot: number): Instant {
    return this.#doubles[(slot << LINE_DOUBLE_SHIFT) + ARRIVED_AT]! as Instant;
  }

  /** Its number in the order in which attempts came. */
  serial(slot: number): number {
    return this.#doubles[(slot << LINE_DOUBLE_SHIFT) + SERIAL]!;
  }
}

/** One attempt as a replica takes it, turned to another one by `at`. */
export class AttemptWork extends AttemptPrompt {
  readonly #stated: StatedRows;
  readonly #work: WorkRows;

  constructor(stated: StatedRows, work: WorkRows) {
    super(stated);
    this.#stated = stated;
    this.#work = work;
  }

  get maxTokens(): number {
    return this.#stated.maxTokens(this.slot);
  }

  get outputTokens(): number {
    return this.#work.outputTokens(this.slot);
  }
}

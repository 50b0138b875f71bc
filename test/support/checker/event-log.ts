// The log of a run for the determinism law: every event as a row of numbers and as a rolling hash over all rows so
// far. Two logs that agree in the last hash agree throughout; where they do not, the first row that differs is found.

import { ATTEMPT_EVENTS, type AttemptEnd, type AttemptEvent } from "../../../src/core/api/observer.js";
import type { Engine } from "../../../src/core/engine/engine.js";

/** FNV-1a, word by word. */
const FIRST_HASH = 0x811c9dc5;
const PRIME = 0x01000193;

const COLUMNS = 6;
const COMPLETED = 0;
const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

export class EventLog {
  /** Rows one after the other: time, event, request, then three details of the event. */
  readonly #rows: number[] = [];
  readonly #hashes: number[] = [];
  #hash = FIRST_HASH;

  get length(): number {
    return this.#hashes.length;
  }

  get hash(): number {
    return this.#hash;
  }

  /** `replica` and `cached` are those of a start or a preemption, 0 of others; `end` comes with an end alone. */
  add(
    event: AttemptEvent,
    request: number,
    now: number,
    replica: number,
    cached: number,
    end: AttemptEnd | undefined,
  ): void {
    this.#push(now);
    this.#push(ATTEMPT_EVENTS.indexOf(event));
    this.#push(request);
    this.#push(end === undefined ? replica : end.reason);
    this.#push(end === undefined ? cached : end.generated);
    this.#push(end === undefined ? 0 : (end.retryIn ?? -1));
    this.#hashes.push(this.#hash);
  }

  #push(value: number): void {
    this.#rows.push(value);
    double[0] = value;
    const hash = Math.imul(this.#hash ^ words[0]!, PRIME);
    this.#hash = Math.imul(hash ^ words[1]!, PRIME) >>> 0;
  }

  /**
   * Index of the first answer that is complete, whether its caller still waits for it or has abandoned it; the length
   * of the log when none is.
   */
  get firstCompletion(): number {
    const [ended, left] = [ATTEMPT_EVENTS.indexOf("ended"), ATTEMPT_EVENTS.indexOf("left")];
    for (let row = 0; row < this.length; row++) {
      const code = this.#rows[row * COLUMNS + 1];
      if (code === left || (code === ended && this.#rows[row * COLUMNS + 3] === COMPLETED)) return row;
    }
    return this.length;
  }

  /** Index of the first event in which the logs differ; undefined when they are equal. */
  firstDifference(other: EventLog): number | undefined {
    const shorter = Math.min(this.length, other.length);
    if (this.length === other.length && this.hash === other.hash) return undefined;
    const index = this.#hashes.findIndex((hash, row) => hash !== other.#hashes[row]);
    return index < 0 ? shorter : index;
  }

  describe(index: number): string {
    if (index >= this.length) return "nothing: the log ends here";
    const [now, code, request, ...details] = this.#rows.slice(index * COLUMNS, (index + 1) * COLUMNS);
    return `${now! / 1e6} s: request ${request} ${ATTEMPT_EVENTS[code!]} (${details.join(", ")})`;
  }
}

/** Adds an event as an engine tells it. */
export function logAttempts(
  log: EventLog,
  { requests, service }: Engine,
  event: AttemptEvent,
  slot: number,
  attempt: number,
  now: number,
  end: AttemptEnd | undefined,
): void {
  // A try that no attempt came of has never been an event of the log.
  if (event === "rejected") return;
  const isInside = event === "started" || event === "preempted";
  const { stated, work } = service.attempts;
  const place = isInside ? work.instance(attempt) : 0;
  const cached = isInside ? stated.cachedTokens(attempt) : 0;
  log.add(event, requests.number(slot), now, place, cached, end);
}

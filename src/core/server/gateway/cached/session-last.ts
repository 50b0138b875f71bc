// A session goes on where it was: all of its last prompt is in the next one, and what is new comes behind. So what will
// be cached is the last prompt that has started, or all but a token of one that is no longer than that. A session that
// cuts its context, or whose cache is gone, is told too much: the start trues it up.
import { grown } from "../../../base/grown.js";
import { NONE } from "../../../base/none.js";
import { type CacheEstimator, defineCacheEstimator } from "./estimator.js";

/** Sessions that are remembered, a power of two: one that is so many behind another takes its place. */
export const SESSIONS_REMEMBERED = 65_536;

export class SessionLast implements CacheEstimator {
  /** By place: the session, and the tokens of its last prompt. */
  #sessions: Int32Array = new Int32Array(0);
  #tokens: Int32Array = new Int32Array(0);

  estimate(session: number, inputTokens: number, statedTokens: number): number {
    if (session === NONE) return statedTokens;
    const place = session & (SESSIONS_REMEMBERED - 1);
    if (place >= this.#sessions.length || this.#sessions[place] !== session) return statedTokens;
    return Math.max(statedTokens, Math.min(this.#tokens[place]!, inputTokens - 1));
  }

  started(session: number, inputTokens: number): void {
    if (session === NONE) return;
    const place = session & (SESSIONS_REMEMBERED - 1);
    if (place >= this.#sessions.length) this.#grow(place);
    this.#sessions[place] = session;
    this.#tokens[place] = inputTokens;
  }

  #grow(place: number): void {
    const places = Math.min(SESSIONS_REMEMBERED, Math.max(place + 1, 2 * this.#sessions.length, 64));
    const from = this.#sessions.length;
    this.#sessions = grown(this.#sessions, places).fill(NONE, from);
    this.#tokens = grown(this.#tokens, places);
  }
}

export const sessionLast = defineCacheEstimator({
  name: "session-last",
  summary:
    "The last prompt of its session that has started; nothing of the first, or of one without a session.",
  sources: [{ text: "ours; providers say only that cached tokens count for less", date: "2026-12" }],
  create: () => new SessionLast(),
});

// Tells how long a session paused before a request, from when its response before it ended. Memory grows with the
// number of sessions: a trace does not say which of them are over. It does not know formats.
import { type ReadContext, UNSAID } from "./format.js";

export class PauseClock {
  readonly #context: ReadContext;
  /** End of the last response of each session, on the trace's clock. */
  readonly #ends = new Map<string, number>();

  constructor(context: ReadContext) {
    this.#context = context;
  }

  /** Microseconds from the end of the session's last response to `micros`; UNSAID where that end is not known. */
  pauseBefore(session: string, micros: number): number {
    const end = session === "" ? undefined : this.#ends.get(session);
    if (end === undefined) return UNSAID;
    if (micros >= end) return capped(micros - end, this.#context);
    this.#context.note("requests that their session sent before the response to the one before ended");
    return 0;
  }

  ended(session: string, micros: number): void {
    if (session !== "" && micros !== UNSAID) this.#ends.set(session, micros);
  }
}

/** A pause of a session, cut at the idle cap; the cut is counted. */
export function capped(micros: number, { idleCap, note }: Pick<ReadContext, "idleCap" | "note">): number {
  if (micros <= idleCap) return micros;
  note("pauses cut at the idle cap");
  return idleCap;
}

// What a row of a trace says about the part of its prompt that was there before, in the numbers of an arrival. What the
// trace states goes first, then its blocks, then its session. Knows no caches.
import { NONE } from "../../../base/none.js";
import { sessionKey, type TraceRow } from "../../trace/row.js";
import { type Contexts, NamedSessions } from "../contexts.js";
import { BlockContexts } from "./block-contexts.js";

/** Whatever says which contexts a request has; an arrival, for one. */
export interface Placed {
  prefix: number;
  prefixTokens: number;
  session: number;
  sharedTokens: number;
}

export class RowContexts {
  readonly #blocks: BlockContexts;
  readonly #sessions: NamedSessions;

  constructor(contexts: Contexts) {
    this.#blocks = new BlockContexts(contexts);
    this.#sessions = new NamedSessions(contexts);
  }

  /** Fills in the numbers of a row. To be called once for each request, in the order in which they arrive. */
  place(row: TraceRow, into: Placed): void {
    into.prefix = NONE;
    into.prefixTokens = 0;
    into.session = NONE;
    into.sharedTokens = 0;
    if (row.cachedTokens !== undefined) return;
    if (row.blocks !== undefined) {
      const blocks = this.#blocks;
      blocks.next(row.blocks, row.blockTokens, row.inputTokens);
      into.prefix = blocks.prefix;
      into.prefixTokens = blocks.prefixTokens;
      into.session = blocks.session;
      into.sharedTokens = blocks.sharedTokens;
    } else if (row.session !== "") {
      const sessions = this.#sessions;
      sessions.next(threadName(sessionKey(row), row.agent), row.inputTokens, row.outputTokens);
      into.session = sessions.session;
      into.sharedTokens = sessions.sharedTokens;
    }
  }

  /** A session, by its key, or a sub-agent of it, is over. */
  forget(session: string, agent: string): void {
    this.#sessions.forget(threadName(session, agent));
  }
}

/** A sub-agent has a context of its own. */
function threadName(session: string, agent: string): string {
  return agent === "" ? session : `${session}\u0000${agent}`;
}

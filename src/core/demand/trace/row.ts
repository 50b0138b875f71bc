// What a trace says about one request, whatever the format. It does not know the formats.
import type { Duration, Instant } from "../../base/units.js";

/** One request of a trace. A name is "" where the trace does not say. */
export interface TraceRow {
  /**
   * Arrival, microseconds after the first row of the trace. Where a trace tells only how long a session waits after
   * a response and not how long responses took, this is the earliest instant possible: as if they had taken no
   * time.
   */
  readonly at: Instant;
  /** Whole prompt, cached part included, in tokens, at least 1. */
  readonly inputTokens: number;
  /** Generated tokens. At least 1, but for rows that `zeroOutput: "keep"` let through. */
  readonly outputTokens: number;
  /**
   * The part of the prompt that the recorded system had cached, at most inputTokens; undefined where the trace does
   * not say. Another cache may find more or less.
   */
  readonly cachedTokens: number | undefined;
  readonly account: string;
  readonly session: string;
  readonly model: string;
  readonly tier: string;
  /** The sub-agent of the session that sends it, "" for its main thread, which waits for its sub-agents to end. */
  readonly agent: string;
  /**
   * From the end of the response before it in its session and agent to its arrival; for the first request of a
   * sub-agent, from the end of the main thread's response before it. Undefined for the first of a session, and where
   * the trace does not say.
   */
  readonly thinkTime: Duration | undefined;
  /** End of the response, if the trace says. */
  readonly endedAt: Instant | undefined;
  /** When the caller had the first token, if the trace says. What was recorded: a replay makes its own. */
  readonly firstTokenAt: Instant | undefined;
  /** How it ended in the recorded system; "" where the trace does not say. A replay makes its own. */
  readonly outcome: RowOutcome;
  /** The prompt as ids of its blocks from the first on: equal ids, equal tokens. Undefined where the trace has none. */
  readonly blocks: readonly number[] | undefined;
  /** Tokens of one block, 0 where there are none. The last block of a prompt may be shorter. */
  readonly blockTokens: number;
  /** Who wrote the new part of the prompt: a person, or a tool that the model called. */
  readonly kind: RowKind;
}

export type RowKind = "" | "human" | "tool";

export type RowOutcome = "" | "completed" | "failed" | "timed_out";

/** What tells a row's session from all others: names of sessions are those of their account. "" without a session. */
export function sessionKey({ account, session }: Pick<TraceRow, "account" | "session">): string {
  return account === "" || session === "" ? session : `${account}\n${session}`;
}

// Writes rows in the JSONL form of the generic format, which generic-json.ts reads. It writes what that format can say:
// not sub-agents, pauses, ends of responses or blocks.
import { toSeconds } from "../../../base/units.js";
import type { TraceRow } from "../row.js";

/** The row as one line without its end. What the row does not say is left out. */
export function genericJsonLine(row: TraceRow): string {
  return JSON.stringify({
    timestamp: toSeconds(row.at),
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    cached_tokens: row.cachedTokens,
    account: row.account || undefined,
    session: row.session || undefined,
    model: row.model || undefined,
    tier: row.tier || undefined,
  });
}

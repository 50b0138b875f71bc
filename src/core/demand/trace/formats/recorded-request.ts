// One request of a benchmark as several tools record it, and how a row is filled from it. It does not know the tools.
import { MICROS_PER_SECOND } from "../../../base/units.js";
import { type ReadContext, type RowDraft, UNSAID } from "../format.js";
import type { RowOutcome } from "../row.js";
import { dropEarlier, fittingCached } from "../row-checks.js";

/** A request as it was sent and answered. Times in microseconds on the file's clock, UNSAID where it does not say. */
export interface RecordedRequest {
  readonly micros: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly firstTokenMicros: number;
  readonly endedMicros: number;
  readonly outcome: RowOutcome;
  readonly session: string;
}

/** Fills the parts of a draft that benchmarks record. A request without a prompt on record is left out. */
export function fillRecorded(
  draft: RowDraft,
  request: RecordedRequest,
  context: Pick<ReadContext, "note">,
): void {
  const hasPrompt = request.inputTokens > 0;
  draft.micros = request.micros;
  draft.inputTokens = request.inputTokens;
  draft.outputTokens = request.outputTokens;
  draft.cachedTokens = hasPrompt ? fittingCached(request.cachedTokens, request.inputTokens, context) : UNSAID;
  draft.firstTokenMicros = request.firstTokenMicros;
  draft.endedMicros = request.endedMicros;
  // A request whose start could not be read is refused anyway.
  if (request.micros !== UNSAID) dropEarlier(draft, context);
  draft.outcome = request.outcome;
  draft.session = request.session;
  draft.dropped = hasPrompt ? "" : "failed: no token counts";
}

/** How a request ended whose error is this text, "" for none. */
export function outcomeOf(error: string): RowOutcome {
  if (error === "") return "completed";
  return /time[sd]?[ _-]?out/i.test(error) ? "timed_out" : "failed";
}

export function toMicros(seconds: number): number {
  return seconds < 0 ? UNSAID : Math.round(seconds * MICROS_PER_SECOND);
}

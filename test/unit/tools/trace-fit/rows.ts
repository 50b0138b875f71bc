// Rows of traces for tests: a small one, and changes to it. Times in seconds.
import { instant, seconds } from "../../../../src/core/base/units.js";
import type { TraceRow } from "../../../../src/core/demand/trace/row.js";

export type RowChanges = Partial<Omit<TraceRow, "at" | "thinkTime" | "endedAt">> & {
  readonly at?: number;
  readonly think?: number | undefined;
  readonly ended?: number | undefined;
};

export function row({ at = 0, think, ended, ...changes }: RowChanges = {}): TraceRow {
  return {
    inputTokens: 100,
    outputTokens: 20,
    cachedTokens: undefined,
    account: "",
    session: "",
    model: "",
    tier: "",
    agent: "",
    firstTokenAt: undefined,
    outcome: "",
    blocks: undefined,
    blockTokens: 0,
    kind: "",
    ...changes,
    at: instant(seconds(at)),
    thinkTime: think === undefined ? undefined : seconds(think),
    endedAt: ended === undefined ? undefined : instant(seconds(ended)),
  };
}

// Writes rows as sessions in Mooncake's format, the way AIPerf has them: after its first turn a session says only
// what a turn adds. A turn that does not go on with the one before begins anew ("is_restart"). Knows rows, not
// files.
import type { TraceRow } from "../../demand/trace/row.js";
import { exactSeconds, sessionName } from "./write-generic.js";

export const MOONCAKE_BLOCK_TOKENS = 512;

interface Turn {
  readonly context: number;
  readonly blocks: readonly number[] | undefined;
}

export function* mooncakeSessions(rows: Iterable<TraceRow>): Generator<string, void, undefined> {
  const turns = new Map<string, Turn>();
  let unnamed = 0;
  for (const row of rows) {
    const session = row.session === "" ? `request-${++unnamed}` : sessionName(row);
    const blocks = row.blockTokens === MOONCAKE_BLOCK_TOKENS ? row.blocks : undefined;
    const known = turns.get(session);
    const before = known !== undefined && goesOn(row, blocks, known) ? known : undefined;
    const added = row.inputTokens - (before?.context ?? 0);
    const parts = [
      `"session_id":${JSON.stringify(session)}`,
      `"timestamp":${exactSeconds(row.at * 1000)}`,
      `"input_length":${added}`,
      `"output_length":${row.outputTokens}`,
    ];
    if (known !== undefined && row.thinkTime !== undefined) parts.push(`"delay":${row.thinkTime / 1000}`);
    if (known !== undefined && before === undefined) parts.push('"is_restart":true');
    if (blocks !== undefined)
      parts.push(`"hash_ids":[${blocks.slice(before?.blocks?.length ?? 0).join(",")}]`);
    yield `{${parts.join(",")}}\n`;
    if (row.session !== "") turns.set(session, { context: row.inputTokens + row.outputTokens, blocks });
  }
}

/** Whether a prompt is the one before, its answer and something more. */
function goesOn(
  row: TraceRow,
  blocks: readonly number[] | undefined,
  { context, blocks: former }: Turn,
): boolean {
  if (row.inputTokens <= context || (blocks === undefined) !== (former === undefined)) return false;
  return former === undefined || former.every((block, index) => blocks![index] === block);
}

// Writes rows as sessions in Mooncake's format, the way AIPerf has them: after its first turn a session says only
// what a turn adds. A turn that does not go on with the one before begins anew ("is_restart"). Knows rows, not
// files.
import { LOST_WAITING, lostWords, recordedLosses } from "../contents.js";
import type { TraceWriter } from "../format.js";
import type { TraceRow } from "../row.js";
import { MOONCAKE_BLOCK } from "./mooncake.js";
import { exactSeconds, lonelyName } from "./written.js";

export const mooncakeSessionWriter: TraceWriter = {
  forms: ["jsonl"],
  blockTokens: MOONCAKE_BLOCK,
  hasEmptyOutputs: false,
  losses: (contents) =>
    lostWords([
      [contents.account, "accounts"],
      [contents.tier, "tiers"],
      [contents.cached, "how much was cached"],
      [contents.rows - contents.session, "that requests had no session: each is written as one of its own"],
      [contents.agent, LOST_WAITING],
      [contents.model, "models"],
      [contents.ended, "ends of responses"],
      ...recordedLosses(contents),
      [
        contents.blocks - contents.blocksOf(MOONCAKE_BLOCK),
        `block ids: the format's blocks are of ${MOONCAKE_BLOCK} tokens`,
      ],
      [contents.kind, "who wrote the new part of a prompt"],
    ]),
  lines: mooncakeSessions,
};

interface Turn {
  readonly context: number;
  readonly blocks: readonly number[] | undefined;
}

function* mooncakeSessions(rows: Iterable<TraceRow>): Generator<string, void, undefined> {
  const turns = new Map<string, Turn>();
  let unnamed = 0;
  for (const row of rows) {
    const session = row.session === "" ? `request-${++unnamed}` : lonelyName(row);
    const blocks = row.blockTokens === MOONCAKE_BLOCK ? row.blocks : undefined;
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

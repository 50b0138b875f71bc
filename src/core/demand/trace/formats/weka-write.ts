// Writes rows as sessions in WEKA's format, one JSON object a line, each on a clock of its own. A session has to be
// whole before it is written, so all rows are held. Knows rows, not files.
import { MICROS_PER_SECOND } from "../../../base/units.js";
import { lostWords, recordedLosses } from "../contents.js";
import type { TraceWriter } from "../format.js";
import type { TraceRow } from "../row.js";
import { lonelyName } from "./written.js";

/** Of the published traces; block ids of another size are written with theirs. */
const BLOCK_TOKENS = 64;

interface Session {
  readonly name: string;
  readonly rows: TraceRow[];
}

export const wekaWriter: TraceWriter = {
  forms: ["jsonl"],
  blockTokens: BLOCK_TOKENS,
  hasEmptyOutputs: true,
  losses: (contents) => [
    ...lostWords([
      [contents.account, "accounts"],
      [contents.tier, "tiers"],
      [contents.cached, "how much was cached"],
      ...recordedLosses(contents),
      [contents.rows - contents.session, "that requests had no session: each is written as one of its own"],
    ]),
    "when sessions start: each has a clock of its own",
    ...lostWords([
      [contents.rows - contents.kind, "that it is not said who wrote the new part of a prompt: people"],
    ]),
  ],
  lines: wekaSessions,
};

function* wekaSessions(rows: Iterable<TraceRow>): Generator<string, void, undefined> {
  const sessions = new Map<string, Session>();
  let unnamed = 0;
  for (const row of rows) {
    const name = row.session === "" ? `request-${++unnamed}` : lonelyName({ ...row, agent: "" });
    const session = sessions.get(name);
    if (session === undefined) sessions.set(name, { name, rows: [row] });
    else session.rows.push(row);
  }
  for (const session of sessions.values()) yield `${JSON.stringify(document(session))}\n`;
}

function document({ name, rows }: Session): object {
  const start = rows[0]!.at;
  const requests: object[] = [];
  const written = new Set<string>();
  for (const row of rows) {
    if (row.agent === "") requests.push(request(row, start));
    else if (!written.has(row.agent)) {
      written.add(row.agent);
      requests.push(subAgent(row.agent, rows, start));
    }
  }
  const models = [...new Set(rows.map(({ model }) => model))].filter((model) => model !== "");
  const blockSize = rows.find(({ blocks }) => blocks !== undefined)?.blockTokens ?? BLOCK_TOKENS;
  return { id: name, models, block_size: blockSize, hash_id_scope: "global", requests };
}

function subAgent(agent: string, all: readonly TraceRow[], start: number): object {
  const rows = all.filter((row) => row.agent === agent);
  const begin = rows[0]!.at;
  const last = rows.at(-1)!;
  const end = last.endedAt ?? last.at;
  return {
    // A marker is written when its agent reports.
    t: inSeconds(end - start),
    type: "subagent",
    agent_id: agent,
    duration_ms: (end - begin) / 1000,
    requests: rows.map((row) => request(row, begin)),
  };
}

function request(row: TraceRow, start: number): object {
  return {
    t: inSeconds(row.at - start),
    type: "n",
    ...(row.model === "" ? {} : { model: row.model }),
    in: row.inputTokens,
    out: row.outputTokens,
    ...(row.blocks === undefined ? {} : { hash_ids: row.blocks }),
    input_types: [row.kind === "tool" ? "tool_result" : "text"],
    ...(row.endedAt === undefined ? {} : { api_time: inSeconds(row.endedAt - row.at) }),
    ...(row.thinkTime === undefined ? {} : { think_time: inSeconds(row.thinkTime) }),
  };
}

function inSeconds(micros: number): number {
  return micros / MICROS_PER_SECOND;
}

// Writes rows in the formats that other tools read, and says what of them a format cannot say. Knows rows, not files.
import type { TraceRow } from "../../demand/trace/row.js";
import { type Columns, genericCsv, genericJson } from "./write-generic.js";
import { MOONCAKE_BLOCK_TOKENS, mooncakeSessions } from "./write-mooncake.js";
import { wekaSessions } from "./write-weka.js";

export const WRITTEN_FORMATS = ["generic", "mooncake-session", "weka"] as const;
export type WrittenFormat = (typeof WRITTEN_FORMATS)[number];

/** What the rows of a trace say: counts of rows. */
export class Contents {
  rows = 0;
  account = 0;
  session = 0;
  model = 0;
  tier = 0;
  agent = 0;
  cached = 0;
  think = 0;
  ended = 0;
  blocks = 0;
  mooncakeBlocks = 0;
  kind = 0;
  noOutput = 0;

  add(row: TraceRow): void {
    this.rows++;
    if (row.account !== "") this.account++;
    if (row.session !== "") this.session++;
    if (row.model !== "") this.model++;
    if (row.tier !== "") this.tier++;
    if (row.agent !== "") this.agent++;
    if (row.cachedTokens !== undefined) this.cached++;
    if (row.thinkTime !== undefined) this.think++;
    if (row.endedAt !== undefined) this.ended++;
    if (row.blocks !== undefined) this.blocks++;
    if (row.blocks !== undefined && row.blockTokens === MOONCAKE_BLOCK_TOKENS) this.mooncakeBlocks++;
    if (row.kind !== "") this.kind++;
    if (row.outputTokens === 0) this.noOutput++;
  }
}

/** What of the rows is lost, for people; empty where reading what is written gives the same rows. */
export function losses(contents: Contents, format: WrittenFormat): string[] {
  const { rows, session, agent, blocks, mooncakeBlocks } = contents;
  const lost: string[] = [];
  const loses = (count: number, what: string) => {
    if (count > 0) lost.push(what);
  };
  if (format === "generic") {
    loses(agent, "that the main line waits for its sub-agents, which are written as sessions of their own");
    loses(contents.think, "think times");
    loses(contents.ended, "ends of responses");
    loses(blocks, "block ids");
    loses(contents.kind, "who wrote the new part of a prompt");
    return lost;
  }
  loses(contents.account, "accounts");
  loses(contents.tier, "tiers");
  loses(contents.cached, "how much was cached");
  loses(rows - session, "that requests had no session: each is written as one of its own");
  if (format === "mooncake-session") {
    loses(agent, "that the main line waits for its sub-agents, which are written as sessions of their own");
    loses(contents.model, "models");
    loses(contents.ended, "ends of responses");
    loses(blocks - mooncakeBlocks, "block ids: the format's blocks are of 512 tokens");
    loses(contents.kind, "who wrote the new part of a prompt");
  } else {
    lost.push("when sessions start: each has a clock of its own");
    loses(rows - contents.kind, "that it is not said who wrote the new part of a prompt: people");
  }
  return lost;
}

/** Text of a trace, line by line. `asJson` is for the generic format; the others are JSON lines always. */
export function writtenTrace(
  rows: Iterable<TraceRow>,
  format: WrittenFormat,
  contents: Contents,
  asJson: boolean,
): Generator<string, void, undefined> {
  if (format === "mooncake-session") return mooncakeSessions(rows);
  if (format === "weka") return wekaSessions(rows);
  if (asJson) return genericJson(rows);
  const columns: Columns = {
    account: contents.account > 0,
    session: contents.session > 0,
    model: contents.model > 0,
    tier: contents.tier > 0,
    cached: contents.cached > 0,
  };
  return genericCsv(rows, columns);
}

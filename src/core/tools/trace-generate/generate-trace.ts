// The traffic of a scenario without its fleet: what its sources ask for when every request is answered at one speed, as
// rows of a trace.

import { NONE } from "../../base/none.js";
import { type Instant, since } from "../../base/units.js";
import type { TraceRow } from "../../demand/trace/row.js";
import { AccountNames } from "../../demand/traffic/accounts.js";
import { Contexts } from "../../demand/traffic/contexts.js";
import type { Source } from "../../demand/traffic/source.js";
import { createSource } from "../../engine/world/build-sources.js";
import type { SourceOptions } from "../../engine/world/source-options.js";
import type { Scenario } from "../../scenario/schema.js";
import { type Exchange, type ServerSpeed, serveAll } from "./fixed-server.js";
import { PrefixBlocks } from "./prefix-blocks.js";

export interface GenerateTraceOptions {
  readonly seed: string;
  readonly speed: ServerSpeed;
  /** Requests from here on are left out. */
  readonly until: Instant;
  readonly readTrace: SourceOptions["readTrace"];
  /** Tokens of a block of those that tell what prompts have in common; none are made where it is left out. */
  readonly blockTokens?: number | undefined;
  /** Told of each request that begins as others do, where its row cannot say it. */
  readonly onLostPrefix?: (() => void) | undefined;
}

/** Whose request a ticket stands for, as sources of sessions tell it until the request is over. */
interface TellsThreads {
  threadOf?(ticket: number): {
    readonly session: string;
    readonly agent: string;
    readonly kind: TraceRow["kind"];
  };
}

/** Yields the rows in the order of time, the first at 0. */
export function* generateTrace(
  scenario: Scenario,
  { seed, speed, until, readTrace, blockTokens, onLostPrefix }: GenerateTraceOptions,
): Generator<TraceRow, void, undefined> {
  const names = { accounts: new AccountNames(), contexts: new Contexts() };
  const options: SourceOptions = { seed, readTrace };
  const sources = Object.entries(scenario.traffic).map(([name, spec]) =>
    createSource(name, spec, scenario, options, names),
  );
  const tiers = new Map(
    Object.entries(scenario.paths).map(([name, path]) => [`${path.model} ${path.serviceTier ?? ""}`, name]),
  );
  /** End of the last answer of each thread that has not been silent for a day. */
  const ends = new Map<string, Instant>();
  const prefixes = blockTokens === undefined ? undefined : new PrefixBlocks(blockTokens);
  let first: Instant | undefined;
  for (const exchange of serveAll(sources, { speed, until })) {
    first ??= exchange.at;
    const { session, agent, kind } = threadOf(exchange, sources[exchange.source] as Source & TellsThreads);
    const thread = `${session}/${agent}`;
    const before =
      session === "" ? undefined : (ends.get(thread) ?? (agent === "" ? undefined : ends.get(`${session}/`)));
    const blocks = prefixes?.of(exchange);
    if (blocks === undefined && exchange.prefixTokens > 0) onLostPrefix?.();
    if (session !== "") remember(ends, thread, exchange.endedAt);
    yield {
      at: since(exchange.at, first) as number as Instant,
      inputTokens: exchange.inputTokens,
      outputTokens: exchange.outputTokens,
      cachedTokens: exchange.cachedTokens > 0 ? exchange.cachedTokens : undefined,
      account: names.accounts.nameOf(exchange.account),
      session,
      model: exchange.model,
      tier: tiers.get(`${exchange.model} ${exchange.serviceTier ?? ""}`) ?? "",
      agent,
      thinkTime: before === undefined ? undefined : since(exchange.at, before),
      endedAt: since(exchange.endedAt, first) as number as Instant,
      firstTokenAt: undefined,
      outcome: "",
      blocks,
      blockTokens: blocks === undefined ? 0 : blockTokens!,
      kind,
    };
  }
}

/** Where the source does not tell, a context is a session: one that was compacted goes on as another. */
function threadOf(
  { ticket, session }: Exchange,
  source: TellsThreads,
): ReturnType<NonNullable<TellsThreads["threadOf"]>> {
  if (ticket !== NONE && source.threadOf !== undefined) return source.threadOf(ticket);
  return { session: session === NONE ? "" : `session-${session}`, agent: "", kind: "" };
}

const MOST_LINES = 200_000;

function remember(ends: Map<string, Instant>, thread: string, end: Instant): void {
  ends.delete(thread);
  ends.set(thread, end);
  if (ends.size > MOST_LINES) ends.delete(ends.keys().next().value!);
}

// Which beginnings sessions of coding agents have in common: prompts begin with the descriptions of tools and the
// system prompt, and sessions of one agent's version have the same. Files name blocks within each session only, but say
// how long the two parts are. It does not know how a session was written.
import type { StartTokens, WekaRequest, WekaSubAgent } from "./weka-session.js";

/** Which parts of prompts are the same wherever they are as long. */
export const SHARED_STARTS = ["none", "tools", "tools-and-system"] as const;
type SharedStart = (typeof SHARED_STARTS)[number];

/** Fields of a session, and of a sub-agent, that say how long its parts are. */
export const START_FIELDS: Readonly<Record<SharedStart, readonly string[]>> = {
  none: [],
  tools: ["tool_tokens"],
  "tools-and-system": ["tool_tokens", "system_tokens"],
};

/** Where the ids of shared blocks begin, above those of all sessions. */
const FIRST_SHARED_BLOCK = 2 ** 48;

export class SharedStarts {
  readonly #wanted: SharedStart;
  /** The first id of each part that was seen. */
  readonly #firsts = new Map<string, number>();
  #free = FIRST_SHARED_BLOCK;

  constructor(wanted: SharedStart) {
    this.#wanted = wanted;
  }

  /** Ids of a session's blocks that others have, too, by the session's own ids for them. */
  of(
    events: readonly (WekaRequest | WekaSubAgent)[],
    main: StartTokens,
    blockTokens: number,
  ): ReadonlyMap<number, number> {
    const shared = new Map<number, number>();
    if (this.#wanted === "none") return shared;
    const first = events.find((event) => "input" in event);
    if (first !== undefined) this.#add(first, main, blockTokens, shared);
    for (const event of events) {
      if ("input" in event || event.requests[0] === undefined) continue;
      this.#add(event.requests[0], event.start, blockTokens, shared);
    }
    return shared;
  }

  #add(
    { model, blocks = [] }: WekaRequest,
    { tools, system }: StartTokens,
    blockTokens: number,
    shared: Map<number, number>,
  ): void {
    // A block that is not full has the beginning of what comes next in it.
    const toolBlocks = Math.floor(tools / blockTokens);
    const toolKey = JSON.stringify([model, blockTokens, tools]);
    this.#share(blocks.slice(0, toolBlocks), toolBlocks, toolKey, shared);
    if (this.#wanted === "tools") return;
    const systemBlocks = Math.floor((tools + system) / blockTokens) - toolBlocks;
    const systemKey = JSON.stringify([model, blockTokens, tools, system]);
    this.#share(blocks.slice(toolBlocks, toolBlocks + systemBlocks), systemBlocks, systemKey, shared);
  }

  #share(blocks: readonly number[], most: number, key: string, shared: Map<number, number>): void {
    let first = this.#firsts.get(key);
    if (first === undefined) {
      first = this.#free;
      this.#free += most;
      this.#firsts.set(key, first);
    }
    for (const [place, block] of blocks.entries()) {
      if (!shared.has(block)) shared.set(block, first + place);
    }
  }
}

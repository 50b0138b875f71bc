// The prompts of requests without sessions as ids of blocks: those that begin with the prefix of one application begin
// with the same blocks. What goes on with a session is told by the session: by blocks it would be long. Knows requests,
// not traces.
import type { Wanted } from "../../api/wire.js";
import { NONE } from "../../base/none.js";

type Prompt = Pick<Wanted, "prefix" | "prefixTokens" | "session" | "inputTokens" | "cachedTokens">;

export class PrefixBlocks {
  readonly #blockTokens: number;
  /** The blocks of each prefix, as far as a prompt has had them. */
  readonly #blocks = new Map<number, number[]>();
  #free = 0;

  constructor(blockTokens: number) {
    this.#blockTokens = blockTokens;
  }

  /** The ids of a prompt; undefined where it has no prefix, or is told by its session or by what was cached of it. */
  of({ prefix, prefixTokens, session, inputTokens, cachedTokens }: Prompt): readonly number[] | undefined {
    if (prefix === NONE || prefixTokens === 0 || session !== NONE || cachedTokens > 0) return undefined;
    const known = this.#blocks.get(prefix) ?? [];
    this.#blocks.set(prefix, known);
    const shared = Math.floor(prefixTokens / this.#blockTokens);
    while (known.length < shared) known.push(this.#free++);
    const blocks = known.slice(0, shared);
    while (blocks.length < Math.ceil(inputTokens / this.#blockTokens)) blocks.push(this.#free++);
    return blocks;
  }
}

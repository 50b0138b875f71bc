// What the prompts of a trace have in common, from the ids of their blocks: which prompt continues which context, and
// which beginnings several share. It hands out the numbers that a prefix cache understands, and knows no cache.
//
// A block id names a block together with all before it, as published traces do. A prompt whose known beginning is the
// whole of a former prompt goes on in its session. A shorter common beginning is a prefix of an application: it is
// known from its second prompt on and shared from its third, so a little less is found than by comparing blocks.
import { NONE } from "../../../base/none.js";
import type { Contexts } from "../contexts.js";

/** Assumption: more blocks than a fleet's caches hold. About 100 MB. */
const MOST_BLOCKS = 1_000_000;

/**
 * A prefix is taken in place of a longer common beginning if it has at least this share of it: else every prompt would
 * found a prefix of its own, and none would be found twice. Assumption.
 */
const NEAR_ENOUGH = 0.5;

/** A sequence of prompts each of which begins with the one before. */
interface Chain {
  readonly session: number;
  readonly prefix: number;
  readonly prefixBlocks: number;
  /** Blocks of its last prompt. */
  blocks: number;
}

interface Block {
  /** Whose prompt held it last. */
  chain: Chain;
  /** The application prefix that ends with it, NONE for none. */
  prefix: number;
}

export class BlockContexts {
  readonly #contexts: Contexts;
  readonly #most: number;
  /** Least recently used first. */
  readonly #blocks = new Map<number, Block>();
  /** Of the last `next`, as an arrival states them. */
  prefix: number = NONE;
  prefixTokens = 0;
  session: number = NONE;
  sharedTokens = 0;

  constructor(contexts: Contexts, most: number = MOST_BLOCKS) {
    this.#contexts = contexts;
    this.#most = most;
  }

  /** Blocks that are remembered. */
  get size(): number {
    return this.#blocks.size;
  }

  /** A prompt of `tokens` tokens in blocks of `blockTokens`, the last of which may be shorter. */
  next(ids: readonly number[], blockTokens: number, tokens: number): void {
    const known = this.#known(ids);
    const last = known === 0 ? undefined : this.#blocks.get(ids[known - 1]!)!.chain;
    // The last block of a prompt may be part of a block, which then has another id once it is full.
    const goesOn = last !== undefined && known >= last.blocks - 1;
    const chain = goesOn ? last : this.#begin(ids, known);
    chain.blocks = ids.length;
    this.#remember(ids, chain);
    this.prefix = chain.prefix;
    this.prefixTokens = Math.min(tokens, chain.prefixBlocks * blockTokens);
    this.session = chain.session;
    this.sharedTokens = goesOn ? Math.min(tokens, known * blockTokens) : 0;
  }

  /** How many blocks of the prompt are known, from its beginning. */
  #known(ids: readonly number[]): number {
    let known = 0;
    while (known < ids.length && this.#blocks.has(ids[known]!)) known++;
    return known;
  }

  #begin(ids: readonly number[], known: number): Chain {
    const session = this.#contexts.openSession();
    if (known === 0) return { session, prefix: NONE, prefixBlocks: 0, blocks: 0 };
    for (let end = known; end >= known * NEAR_ENOUGH && end > 0; end--) {
      const { prefix } = this.#blocks.get(ids[end - 1]!)!;
      if (prefix !== NONE) return { session, prefix, prefixBlocks: end, blocks: 0 };
    }
    const block = this.#blocks.get(ids[known - 1]!)!;
    block.prefix = this.#contexts.openPrefixes(1);
    return { session, prefix: block.prefix, prefixBlocks: known, blocks: 0 };
  }

  /** From the last block to the first, so that the end of a prompt is forgotten before its beginning. */
  #remember(ids: readonly number[], chain: Chain): void {
    const blocks = this.#blocks;
    for (let at = ids.length - 1; at >= 0; at--) {
      const id = ids[at]!;
      const block = blocks.get(id);
      if (block === undefined) blocks.set(id, { chain, prefix: NONE });
      else {
        block.chain = chain;
        blocks.delete(id);
        blocks.set(id, block);
      }
    }
    for (const id of blocks.keys()) {
      if (blocks.size <= this.#most) break;
      blocks.delete(id);
    }
  }
}

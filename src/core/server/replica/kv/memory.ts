// The KV memory of one replica in blocks: what prefills hold, what sequences share, what a prefix cache keeps, and what
// still fits. How much the decoding sequences hold the replica says with every question, since it grows by itself.
import type { SequenceWork } from "../replica.js";
import { HostMemory, type HostUse, type KvOffload } from "./host-memory.js";
import { type CacheUse, PrefixCache } from "./prefix-cache.js";

export interface MemoryOptions {
  /** Capacity in tokens; a last part of a block is no use. */
  readonly kvTokens: number;
  readonly kvBlockTokens: number;
  /** Share of the blocks that a start leaves free, so that the others can grow for a while. */
  readonly kvWatermark: number;
  /** Whether the context of sequences that left stays for those that begin alike. */
  readonly prefixCache: boolean;
  /** Left out: none. */
  readonly kvOffload?: KvOffload;
}

/** Tokens that whole blocks hold. */
export function wholeBlocks({
  kvTokens,
  kvBlockTokens,
}: Pick<MemoryOptions, "kvTokens" | "kvBlockTokens">): number {
  return Math.floor(kvTokens / kvBlockTokens) * kvBlockTokens;
}

export class KvMemory {
  readonly blockTokens: number;
  /** In blocks. */
  readonly capacity: number;
  readonly #watermark: number;
  readonly #cache: PrefixCache | undefined;
  readonly #host: HostMemory;
  /** Blocks of the sequences that prefill, and those of all sequences inside that belong to the cache. */
  #prefilling = 0;
  #shared = 0;

  constructor(options: MemoryOptions) {
    this.blockTokens = options.kvBlockTokens;
    this.capacity = Math.floor(options.kvTokens / options.kvBlockTokens);
    this.#watermark = Math.floor(this.capacity * options.kvWatermark);
    this.#cache = options.prefixCache ? new PrefixCache(options.kvBlockTokens) : undefined;
    this.#host = new HostMemory(options.kvOffload?.tokens ?? 0, options.kvBlockTokens);
  }

  blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.blockTokens);
  }

  /** Blocks in use, while decoding sequences hold `decoding` of them, those that they share included each time. */
  used(decoding: number): number {
    return decoding + this.#prefilling - this.#shared + (this.#cache?.blocksInUse ?? 0);
  }

  /** Tokens that shared blocks would be counted too often in a sum over sequences. */
  get sharedTokens(): number {
    return (this.#shared - (this.#cache?.blocksInUse ?? 0)) * this.blockTokens;
  }

  get idleBlocks(): number {
    return this.#cache?.blocksIdle ?? 0;
  }

  /** The cache gives way to what is in use. Call before anything in the cache changes or is looked up. */
  makeRoom(used: number): void {
    this.#cache?.evictTo(Math.max(0, this.capacity - used));
  }

  /** Tokens of the prompt that are in the cache. `prompt` is how many tokens have to be there before the next one. */
  hit(
    work: Pick<SequenceWork, "prefix" | "prefixTokens" | "session" | "sharedTokens">,
    prompt: number,
  ): number {
    if (this.#cache === undefined) return 0;
    this.#cache.look(work, prompt);
    return this.#cache.hitBlocks * this.blockTokens;
  }

  /** Blocks more than now if the sequence that `hit` was last asked about started with a context of `tokens`. */
  startNeeds(tokens: number): number {
    const whole = this.blocksFor(tokens);
    return this.#cache === undefined ? whole : whole - this.#cache.hitBlocks + this.#cache.wakenBlocks;
  }

  /** Whether that many more blocks are there for a start; an empty replica needs to leave none free. */
  hasRoomFor(more: number, used: number, isEmpty: boolean): boolean {
    return used + more <= this.capacity - (isEmpty ? 0 : this.#watermark);
  }

  /** The sequence that `hit` was last asked about takes its blocks to prefill. */
  startPrefill(sequence: CacheUse, tokens: number): void {
    this.#prefilling += this.blocksFor(tokens);
    this.#cache?.use(sequence);
    this.#shared += sequence.sharedBlocks;
  }

  /** The prompt is computed: its blocks count with those of the decoding from now on. */
  endPrefill(sequence: CacheUse, tokens: number): void {
    this.#prefilling -= this.blocksFor(tokens);
    this.#shared -= sequence.sharedBlocks;
    this.#cache?.offerPrefix(sequence);
    this.#shared += sequence.sharedBlocks;
  }

  /** A sequence stops prefilling without having finished. */
  breakPrefill(tokens: number): void {
    this.#prefilling -= this.blocksFor(tokens);
  }

  /** A sequence goes; the first `computedTokens` of its context may be kept. */
  release(sequence: CacheUse, computedTokens: number): void {
    this.#shared -= sequence.sharedBlocks;
    this.#cache?.release(sequence, computedTokens);
  }

  /** A sequence has lost its memory, of so many tokens: returns how many of them the host does not keep for it. */
  keepInHost(sequence: HostUse, tokens: number): number {
    return tokens - this.#host.keep(sequence, tokens);
  }

  /** A sequence begins anew, with what the cache has of it: it has what the host kept, too. */
  bringFromHost(sequence: HostUse): void {
    if (sequence.offloaded > 0) this.#host.bringBack(sequence);
  }

  /** As `release`, of one that may have lost its memory before. */
  abandon(sequence: CacheUse & HostUse, computedTokens: number): void {
    if (sequence.offloaded > 0) this.#host.drop(sequence);
    this.release(sequence, computedTokens);
  }

  /** What no sequence uses is gone. */
  forget(): void {
    this.#cache?.evictTo(0);
  }
}

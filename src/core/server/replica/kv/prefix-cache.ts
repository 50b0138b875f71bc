// The KV of prompts to come, kept as long as no sequence needs its room: beginnings that all prompts of an application
// share, the context of sessions, and, in the way, what no prompt will use again. In whole blocks, least recently used
// first out, from the end of a context. Entries are in use as a whole while a sequence stands on them, and only by
// sequences that can use all of one. Knows blocks and who shares what; how much room there is in all, and for whom, is
// memory.ts's business.
//
// As in engines that hash their blocks, the prefix of an application can be found as soon as one prompt that begins
// with it is computed. A session's context is found from when its last sequence has left.

import { NONE } from "../../../base/none.js";
import type { SequenceWork } from "../replica.js";

/** What a sequence inside stands on. */
export interface CacheUse {
  readonly prefix: number;
  readonly prefixTokens: number;
  readonly session: number;
  readonly sharedTokens: number;
  usesPrefix: boolean;
  usesSession: boolean;
  /** Blocks of its context that belong to the cache and not to itself. */
  sharedBlocks: number;
}

class Entry {
  prefix = NONE;
  session = NONE;
  blocks = 0;
  /** Sequences inside that stand on it; with none it is in the list of what may be evicted. */
  users = 0;
  older: Entry = this;
  newer: Entry = this;
}

export class PrefixCache {
  /** Blocks that sequences stand on, and blocks that may be evicted. */
  blocksInUse = 0;
  blocksIdle = 0;
  /** What the last `look` found: blocks of the prompt, and how many idle blocks using them would take. */
  hitBlocks = 0;
  wakenBlocks = 0;
  readonly #blockTokens: number;
  readonly #prefixes = new Map<number, Entry>();
  readonly #sessions = new Map<number, Entry>();
  /** The idle entries in a ring: `newer` of it is the least recently used. */
  readonly #idle = new Entry();
  readonly #spare: Entry[] = [];

  constructor(blockTokens: number) {
    this.#blockTokens = blockTokens;
  }

  /** Looks up how much of a prompt is there. The last token always has to be computed: it yields the first new one. */
  look(
    work: Pick<SequenceWork, "prefix" | "prefixTokens" | "session" | "sharedTokens">,
    tokens: number,
  ): void {
    const most = Math.floor((tokens - 1) / this.#blockTokens);
    const prefixBlocks = this.#prefixBlocksOf(work);
    const prefix = this.#prefixes.get(work.prefix);
    // A sequence that uses an entry keeps all of it in memory, so that it has to be able to use all of it.
    const fromPrefix =
      prefix !== undefined && prefix.blocks <= Math.min(prefixBlocks, most) ? prefix.blocks : 0;
    const session = fromPrefix === prefixBlocks ? this.#sessionOf(work) : undefined;
    const shared = Math.floor(work.sharedTokens / this.#blockTokens) - prefixBlocks;
    const usable = Math.max(0, Math.min(session?.blocks ?? 0, shared, most - fromPrefix));
    const fromSession = session !== undefined && session.users > 0 && usable < session.blocks ? 0 : usable;
    this.hitBlocks = fromPrefix + fromSession;
    this.wakenBlocks = 0;
    if (fromPrefix > 0 && prefix!.users === 0) this.wakenBlocks += prefix!.blocks;
    // What the prompt does not share with its session will not be asked for again: it goes when the rest is used.
    if (fromSession > 0 && session!.users === 0) this.wakenBlocks += fromSession;
  }

  /** Puts a sequence on what the last `look` found for it. */
  use(sequence: CacheUse): void {
    const fromPrefix = Math.min(this.hitBlocks, this.#prefixBlocksOf(sequence));
    const fromSession = this.hitBlocks - fromPrefix;
    sequence.usesPrefix = fromPrefix > 0;
    sequence.usesSession = fromSession > 0;
    sequence.sharedBlocks = this.hitBlocks;
    if (sequence.usesPrefix) this.#take(this.#prefixes.get(sequence.prefix)!);
    if (!sequence.usesSession) return;
    const session = this.#sessions.get(sequence.session)!;
    if (session.users === 0) this.#shrink(session, fromSession);
    this.#take(session);
  }

  /** The prompt of a sequence is computed: from now on others may stand on its prefix. */
  offerPrefix(sequence: CacheUse): void {
    const blocks = this.#prefixBlocksOf(sequence);
    if (blocks === 0) return;
    let entry = this.#prefixes.get(sequence.prefix);
    if (!sequence.usesPrefix) {
      if (entry !== undefined && (entry.users > 0 || entry.blocks >= blocks)) return; // another sequence was quicker
      if (entry === undefined) entry = this.#open(this.#prefixes, sequence.prefix);
      entry.prefix = sequence.prefix;
      this.#take(entry);
      sequence.usesPrefix = true;
      this.blocksInUse += blocks - entry.blocks;
      sequence.sharedBlocks += blocks;
      entry.blocks = blocks;
    } else if (entry!.users === 1 && entry!.blocks < blocks) {
      this.blocksInUse += blocks - entry!.blocks;
      sequence.sharedBlocks += blocks - entry!.blocks;
      entry!.blocks = blocks;
    }
  }

  /** A sequence goes. The first `computedTokens` of its context stay for later; 0 leaves what was there before. */
  release(sequence: CacheUse, computedTokens: number): void {
    const prefixBlocks = this.#prefixBlocksOf(sequence);
    const beyond = Math.floor(computedTokens / this.#blockTokens) - prefixBlocks;
    if (sequence.session === NONE) this.#keepUseless(beyond);
    else this.#keepSession(sequence, beyond);
    // After the session, so that the prefix of a context is never evicted before the context.
    if (prefixBlocks > 0) this.#keepPrefix(sequence, beyond >= 0 ? prefixBlocks : 0);
    sequence.usesPrefix = false;
    sequence.usesSession = false;
    sequence.sharedBlocks = 0;
  }

  /** Evicts until at most `most` idle blocks are left. */
  evictTo(most: number): void {
    while (this.blocksIdle > most) {
      const oldest = this.#idle.newer;
      const out = Math.min(oldest.blocks, this.blocksIdle - most);
      oldest.blocks -= out;
      this.blocksIdle -= out;
      if (oldest.blocks === 0) this.#close(oldest);
    }
  }

  #keepSession(sequence: CacheUse, beyond: number): void {
    let entry = this.#sessionOf(sequence);
    if (sequence.usesSession) this.#leave(entry!);
    if (beyond <= 0) return;
    // A session whose prefix changed, or another sequence of it that is still at work on the old context.
    entry ??= this.#sessions.get(sequence.session) ?? this.#open(this.#sessions, sequence.session);
    if (entry.users > 0) return;
    this.#unlist(entry);
    entry.session = sequence.session;
    entry.prefix = sequence.prefix;
    entry.blocks = beyond;
    this.#list(entry);
  }

  #keepPrefix(sequence: CacheUse, computed: number): void {
    let entry = this.#prefixes.get(sequence.prefix);
    if (sequence.usesPrefix) {
      this.#leave(entry!);
      return;
    }
    if (computed === 0 || (entry !== undefined && entry.users > 0)) return;
    if (entry === undefined) {
      entry = this.#open(this.#prefixes, sequence.prefix);
      entry.prefix = sequence.prefix;
    }
    this.#unlist(entry);
    entry.blocks = Math.max(entry.blocks, computed);
    this.#list(entry);
  }

  /** Context that no prompt will use: it stands in the way of others until it is its turn to go. */
  #keepUseless(blocks: number): void {
    if (blocks <= 0) return;
    const entry = this.#spare.pop() ?? new Entry();
    entry.blocks = blocks;
    this.#list(entry);
  }

  #prefixBlocksOf(work: { readonly prefix: number; readonly prefixTokens: number }): number {
    return work.prefix === NONE ? 0 : Math.floor(work.prefixTokens / this.#blockTokens);
  }

  /** The session's context, if it began with the same prefix. */
  #sessionOf(work: { readonly prefix: number; readonly session: number }): Entry | undefined {
    const entry = work.session === NONE ? undefined : this.#sessions.get(work.session);
    return entry?.prefix === work.prefix ? entry : undefined;
  }

  #open(entries: Map<number, Entry>, key: number): Entry {
    const entry = this.#spare.pop() ?? new Entry();
    entries.set(key, entry);
    return entry;
  }

  #close(entry: Entry): void {
    this.#unlist(entry);
    if (entry.session !== NONE) this.#sessions.delete(entry.session);
    else if (entry.prefix !== NONE) this.#prefixes.delete(entry.prefix);
    entry.session = NONE;
    entry.prefix = NONE;
    this.#spare.push(entry);
  }

  #shrink(entry: Entry, blocks: number): void {
    this.blocksIdle -= entry.blocks - blocks;
    entry.blocks = blocks;
  }

  #take(entry: Entry): void {
    if (entry.users++ > 0) return;
    this.#unlist(entry);
    this.blocksInUse += entry.blocks;
  }

  #leave(entry: Entry): void {
    if (--entry.users > 0) return;
    this.blocksInUse -= entry.blocks;
    this.#list(entry);
  }

  #list(entry: Entry): void {
    const newest = this.#idle.older;
    entry.older = newest;
    entry.newer = this.#idle;
    newest.newer = entry;
    this.#idle.older = entry;
    this.blocksIdle += entry.blocks;
  }

  /** Takes an entry off the list of idle ones; one that is not on it stays as it is. */
  #unlist(entry: Entry): void {
    if (entry.newer === entry) return;
    entry.older.newer = entry.newer;
    entry.newer.older = entry.older;
    entry.newer = entry;
    entry.older = entry;
    this.blocksIdle -= entry.blocks;
  }
}

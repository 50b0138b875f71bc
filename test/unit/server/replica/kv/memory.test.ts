import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import { KvMemory, type MemoryOptions } from "../../../../../src/core/server/replica/kv/memory.js";
import type { CacheUse } from "../../../../../src/core/server/replica/kv/prefix-cache.js";
import { sequence } from "./sharing.js";

const make = (changes: Partial<MemoryOptions> = {}) =>
  new KvMemory({ kvTokens: 165, kvBlockTokens: 16, kvWatermark: 0, prefixCache: false, ...changes });

describe("the memory of a replica", () => {
  it("has whole blocks, and gives whole blocks", () => {
    const memory = make();
    expect([memory.capacity, ...[0, 1, 16, 17].map((tokens) => memory.blocksFor(tokens))]).toEqual([
      10, 0, 1, 1, 2,
    ]);
  });

  it("has room up to its end, or up to the watermark where the replica is not empty", () => {
    const memory = make({ kvWatermark: 0.29 });
    const room = (more: number, isEmpty: boolean) => memory.hasRoomFor(more, 5, isEmpty);
    expect([room(3, false), room(4, false), room(5, true), room(6, true)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("counts a prefill with its prompt until that ends or is broken off", () => {
    const memory = make();
    const [one, other] = [sequence(), sequence()];
    memory.startPrefill(one, 40);
    memory.startPrefill(other, 16);
    expect([memory.used(0), memory.used(2)]).toEqual([4, 6]);
    memory.endPrefill(one, 40);
    memory.breakPrefill(16);
    expect(memory.used(3)).toBe(3);
  });

  it("finds nothing without a prefix cache, and keeps nothing", () => {
    const memory = make();
    const use = sequence({ prefix: 1, prefixTokens: 64 });
    memory.startPrefill(use, 80);
    memory.endPrefill(use, 80);
    memory.release(use, 80);
    expect([memory.hit(use, 100), memory.idleBlocks, memory.startNeeds(100)]).toEqual([0, 0, 7]);
  });

  it("needs for a start what is not there, and what idles for it now", () => {
    const memory = make({ prefixCache: true });
    const first = sequence({ prefix: 1, prefixTokens: 48 });
    memory.hit(first, 60);
    memory.startPrefill(first, 61);
    memory.endPrefill(first, 61);
    const second = sequence({ prefix: 1, prefixTokens: 48 });
    // Three blocks are there and in use: one more is needed. Two sequences of four blocks each share three.
    expect([memory.hit(second, 60), memory.startNeeds(61)]).toEqual([48, 1]);
    memory.startPrefill(second, 61);
    expect([memory.used(4), memory.sharedTokens]).toEqual([5, 48]);
    memory.release(first, 60);
    memory.breakPrefill(61);
    memory.release(second, 0);
    expect([memory.used(0), memory.idleBlocks, memory.hit(second, 60), memory.startNeeds(61)]).toEqual([
      0, 3, 48, 4,
    ]);
  });
});

interface Guest {
  readonly use: CacheUse;
  readonly prompt: number;
  context: number;
  isDecoding: boolean;
}

/** Drives a memory as a replica does, and says what goes wrong. */
class Driver {
  readonly memory = make({ kvTokens: 160, kvBlockTokens: 4, kvWatermark: 0.05, prefixCache: true });
  readonly guests: Guest[] = [];
  hits = 0;

  get decoding(): number {
    const guests = this.guests.filter(({ isDecoding }) => isDecoding);
    return guests.reduce((sum, { context }) => sum + this.memory.blocksFor(context), 0);
  }

  get used(): number {
    return this.memory.used(this.decoding);
  }

  start(use: CacheUse, prompt: number): string | undefined {
    const { memory } = this;
    const hit = memory.hit(use, prompt);
    const more = memory.startNeeds(prompt + 1);
    if (hit > Math.min(prompt - 1, Math.max(use.prefixTokens, use.sharedTokens)))
      return "found more than is shared";
    if (!memory.hasRoomFor(more, this.used, this.guests.length === 0)) return undefined;
    const before = this.used;
    memory.startPrefill(use, prompt + 1);
    this.guests.push({ use, prompt, context: prompt + 1, isDecoding: false });
    this.hits += hit > 0 ? 1 : 0;
    return this.used === before + more ? undefined : "a start takes what it needs";
  }

  go(guest: Guest, isDone: boolean): void {
    if (!guest.isDecoding) this.memory.breakPrefill(guest.prompt + 1);
    this.guests.splice(this.guests.indexOf(guest), 1);
    this.memory.release(guest.use, isDone ? guest.context - 1 : 0);
  }

  decode(guest: Guest): void {
    if (guest.isDecoding) return;
    this.memory.endPrefill(guest.use, guest.prompt + 1);
    guest.isDecoding = true;
  }

  grow(guest: Guest, tokens: number): void {
    if (!guest.isDecoding) return;
    guest.context += tokens;
    if (this.used > this.memory.capacity) guest.context -= tokens;
  }

  problem(): string | undefined {
    const { memory, used } = this;
    if (used < 0 || used > memory.capacity) return `${used} blocks in use`;
    if (this.guests.length === 0 && used !== 0) return "empty, and yet in use";
    if (memory.sharedTokens < 0) return "fewer than none shared";
    if (memory.idleBlocks < 0) return "fewer than none idle";
    memory.makeRoom(used);
    return used + memory.idleBlocks > memory.capacity ? "the cache gives way" : undefined;
  }
}

describe("a memory with a prefix cache", () => {
  const command = fc.record({
    kind: fc.constantFrom("start", "start", "decode", "grow", "finish", "finish", "cut"),
    choice: fc.nat({ max: 100 }),
    prompt: fc.integer({ min: 1, max: 60 }),
    prefix: fc.constantFrom(NONE, 0, 1),
    session: fc.constantFrom(NONE, 0, 1, 2),
    share: fc.constantFrom(0.3, 0.8, 1),
  });

  it("never has more than there is, never less than none, and takes for a start what it said", () => {
    let hits = 0;
    const law = fc.property(fc.array(command, { minLength: 30, maxLength: 80 }), (commands) => {
      const driver = new Driver();
      for (const { kind, choice, prompt, prefix, session, share } of commands) {
        const guest = driver.guests[choice % driver.guests.length];
        if (kind === "start") {
          const prefixTokens = prefix === NONE ? 0 : Math.min(prompt, 9 + 10 * prefix);
          const sharedTokens = session === NONE ? 0 : Math.floor(prompt * share);
          const problem = driver.start(sequence({ prefix, prefixTokens, session, sharedTokens }), prompt);
          if (problem !== undefined) throw new Error(problem);
        } else if (guest === undefined) continue;
        else if (kind === "decode") driver.decode(guest);
        else if (kind === "grow") driver.grow(guest, choice);
        else {
          if (kind === "finish") driver.decode(guest);
          driver.go(guest, kind === "finish");
        }
        const problem = driver.problem();
        if (problem !== undefined) throw new Error(`${kind}: ${problem}`);
      }
      for (const guest of [...driver.guests]) driver.go(guest, false);
      hits += driver.hits;
      return driver.problem() === undefined;
    });
    fc.assert(law, { numRuns: 500 });
    expect(hits).toBeGreaterThan(100);
  });
});

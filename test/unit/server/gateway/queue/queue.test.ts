import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_REQUEST, RequestQueue } from "../../../../../src/core/server/gateway/queue/queue.js";

/** Four lanes a row, two of them of the same rank, and five rows. */
const RANKS = [1, 0, 2, 1];
const LANES = 5 * RANKS.length;
const rankOf = (lane: number) => RANKS[lane % RANKS.length]!;
const command = fc.record({
  leaves: fc.boolean(),
  request: fc.nat({ max: 200 }),
  lane: fc.nat({ max: LANES - 1 }),
});

/** The queue as arrays, one a lane, in the order of joining. */
class ArraysModel {
  readonly byLane: number[][] = Array.from({ length: LANES }, () => []);
  readonly joined: number[] = [];

  has(request: number): boolean {
    return this.joined.includes(request);
  }

  join(request: number, lane: number): void {
    this.byLane[lane]!.push(request);
    this.joined.push(request);
  }

  leave(request: number): void {
    for (const list of [...this.byLane, this.joined]) {
      const index = list.indexOf(request);
      if (index >= 0) list.splice(index, 1);
    }
  }
}

function differences(queue: RequestQueue, model: ArraysModel): string[] {
  const pairs: [string, unknown, unknown][] = [["length", queue.length, model.joined.length]];
  for (const [lane, list] of model.byLane.entries()) {
    if (list.length === 0) continue;
    pairs.push([`head ${lane}`, queue.headOf(lane), list[0]]);
    pairs.push([`tail ${lane}`, queue.tailOf(lane), list.at(-1)]);
    pairs.push([`count ${lane}`, queue.countOf(lane), list.length]);
  }
  for (const rank of new Set(RANKS)) {
    const count = model.byLane.reduce(
      (sum, list, lane) => sum + (rankOf(lane) === rank ? list.length : 0),
      0,
    );
    pairs.push([`of rank ${rank}`, queue.countOfRank(rank), count]);
  }
  const byTicket = [...model.joined].sort((a, b) => queue.ticketOf(a) - queue.ticketOf(b));
  pairs.push(["tickets", byTicket.join(), model.joined.join()]);
  return pairs.filter(([, actual, expected]) => actual !== expected).map(([what]) => what);
}

describe("request queue", () => {
  it("behaves like an array per lane, whatever joins and leaves", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 100 }), (commands) => {
        const queue = new RequestQueue(RANKS);
        const model = new ArraysModel();
        return commands.every(({ leaves, request, lane }) => {
          const target =
            leaves && model.joined.length > 0 ? model.joined[request % model.joined.length]! : request;
          const waits = model.has(target);
          if (queue.has(target) !== waits) return false;
          if (waits) {
            queue.leave(target);
            model.leave(target);
          } else {
            queue.join(target, lane);
            model.join(target, lane);
          }
          return differences(queue, model).length === 0;
        });
      }),
      { numRuns: 300 },
    );
  });

  it("says what lanes it has and who was never there", () => {
    const queue = new RequestQueue([0, 1]);
    expect([queue.ranks, queue.rankCount, queue.rankOf(7), queue.has(5)]).toEqual([[0, 1], 2, 1, false]);
    expect([queue.headOf(0), queue.tailOf(1)]).toEqual([NO_REQUEST, NO_REQUEST]);
  });

  it("has all lanes of the rows that it is told of, with none waiting", () => {
    const queue = new RequestQueue([0, 1], 3);
    expect([0, 1, 2, 3, 4, 5].map((lane) => queue.headOf(lane))).toEqual(Array(6).fill(NO_REQUEST));
    expect([queue.countOf(5), queue.tailOf(5)]).toEqual([0, NO_REQUEST]);
  });

  it("remembers where a request waited last", () => {
    const queue = new RequestQueue([0, 1]);
    queue.join(4, 5);
    queue.leave(4);
    expect([queue.laneOf(4), queue.has(4)]).toEqual([5, false]);
  });

  it("refuses to let a request wait twice", () => {
    const queue = new RequestQueue([0, 1]);
    queue.join(4, 0);
    expect(() => queue.join(4, 1)).toThrow("waits once");
  });

  it("refuses to let go of a request that is not there", () => {
    const queue = new RequestQueue([0]);
    queue.join(4, 0);
    queue.leave(4);
    expect(() => queue.leave(4)).toThrow("only a request that waits");
    expect(() => queue.leave(4000)).toThrow("only a request that waits");
  });
});

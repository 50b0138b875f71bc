import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOBODY, WaitingLine } from "../../../../../src/core/server/gateway/queue/queue.js";

/** Four lanes, two of them of the same rank. */
const RANKS = [1, 0, 2, 1];
const command = fc.record({
  leaves: fc.boolean(),
  request: fc.nat({ max: 200 }),
  lane: fc.nat({ max: RANKS.length - 1 }),
});

/** The line as arrays, one a lane, in the order of joining. */
class ArraysModel {
  readonly byLane: number[][] = RANKS.map(() => []);
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

  youngestBelow(rank: number): number {
    const rankOf = (request: number) => RANKS[this.byLane.findIndex((lane) => lane.includes(request))]!;
    const lowest = Math.max(...this.joined.map(rankOf));
    return lowest > rank ? this.joined.filter((request) => rankOf(request) === lowest).at(-1)! : NOBODY;
  }
}

function differences(line: WaitingLine, model: ArraysModel): string[] {
  const pairs: [string, unknown, unknown][] = [["length", line.length, model.joined.length]];
  for (const [lane, list] of model.byLane.entries()) {
    pairs.push([`head ${lane}`, line.headOf(lane), list[0] ?? NOBODY]);
    pairs.push([`count ${lane}`, line.countOf(lane), list.length]);
  }
  for (const rank of new Set(RANKS)) {
    pairs.push([`youngest below ${rank}`, line.youngestBelow(rank), model.youngestBelow(rank)]);
  }
  const byTicket = [...model.joined].sort((a, b) => line.ticketOf(a) - line.ticketOf(b));
  pairs.push(["tickets", byTicket.join(), model.joined.join()]);
  return pairs.filter(([, actual, expected]) => actual !== expected).map(([what]) => what);
}

describe("waiting line", () => {
  it("behaves like an array per lane, whoever joins and leaves", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 100 }), (commands) => {
        const line = new WaitingLine(RANKS);
        const model = new ArraysModel();
        return commands.every(({ leaves, request, lane }) => {
          const target =
            leaves && model.joined.length > 0 ? model.joined[request % model.joined.length]! : request;
          const waits = model.has(target);
          if (line.has(target) !== waits) return false;
          if (waits) {
            line.leave(target);
            model.leave(target);
          } else {
            line.join(target, lane);
            model.join(target, lane);
          }
          return differences(line, model).length === 0;
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("says what lanes it has and who was never there", () => {
    const line = new WaitingLine([0, 1]);
    expect([line.ranks, line.has(5), line.headOf(0), line.youngestBelow(0)]).toEqual([
      [0, 1],
      false,
      NOBODY,
      NOBODY,
    ]);
  });

  it("refuses to let a request wait twice", () => {
    const line = new WaitingLine([0, 1]);
    line.join(4, 0);
    expect(() => line.join(4, 1)).toThrow("waits once");
  });

  it("refuses to let go of someone who is not there", () => {
    const line = new WaitingLine([0]);
    line.join(4, 0);
    line.leave(4);
    expect(() => line.leave(4)).toThrow("only who waits");
    expect(() => line.leave(4000)).toThrow("only who waits");
  });
});

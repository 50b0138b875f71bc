import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOBODY, WaitingLine } from "../../../src/core/fleet/waiting-line.js";

const RANKS = 3;
const command = fc.record({
  leaves: fc.boolean(),
  request: fc.nat({ max: 200 }),
  rank: fc.nat({ max: RANKS - 1 }),
});

/** The line as arrays, one a rank, in the order of joining. */
class ArraysModel {
  readonly byRank: number[][] = Array.from({ length: RANKS }, () => []);
  readonly joined: number[] = [];

  has(request: number): boolean {
    return this.joined.includes(request);
  }

  join(request: number, rank: number): void {
    this.byRank[rank]!.push(request);
    this.joined.push(request);
  }

  leave(request: number): void {
    for (const list of [...this.byRank, this.joined]) {
      const index = list.indexOf(request);
      if (index >= 0) list.splice(index, 1);
    }
  }

  youngestBelow(rank: number): number {
    for (let lower = RANKS - 1; lower > rank; lower--) {
      const youngest = this.byRank[lower]!.at(-1);
      if (youngest !== undefined) return youngest;
    }
    return NOBODY;
  }
}

function differences(line: WaitingLine, model: ArraysModel): string[] {
  const pairs: [string, unknown, unknown][] = [["length", line.length, model.joined.length]];
  for (let rank = 0; rank < RANKS; rank++) {
    const list = model.byRank[rank]!;
    pairs.push([`head ${rank}`, line.headOf(rank), list[0] ?? NOBODY]);
    pairs.push([`count ${rank}`, line.countOf(rank), list.length]);
    pairs.push([`youngest below ${rank}`, line.youngestBelow(rank), model.youngestBelow(rank)]);
  }
  const byTicket = [...model.joined].sort((a, b) => line.ticketOf(a) - line.ticketOf(b));
  pairs.push(["tickets", byTicket.join(), model.joined.join()]);
  return pairs.filter(([, actual, expected]) => actual !== expected).map(([what]) => what);
}

describe("waiting line", () => {
  it("behaves like an array per rank, whoever joins and leaves", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 100 }), (commands) => {
        const line = new WaitingLine(RANKS);
        const model = new ArraysModel();
        return commands.every(({ leaves, request, rank }) => {
          const target =
            leaves && model.joined.length > 0 ? model.joined[request % model.joined.length]! : request;
          const waits = model.has(target);
          if (line.has(target) !== waits) return false;
          if (waits) {
            line.leave(target);
            model.leave(target);
          } else {
            line.join(target, rank);
            model.join(target, rank);
          }
          return differences(line, model).length === 0;
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("says how many ranks it has and who was never there", () => {
    const line = new WaitingLine(2);
    expect([line.ranks, line.has(5), line.headOf(0), line.youngestBelow(0)]).toEqual([
      2,
      false,
      NOBODY,
      NOBODY,
    ]);
  });

  it("refuses to let a request wait twice", () => {
    const line = new WaitingLine(2);
    line.join(4, 0);
    expect(() => line.join(4, 1)).toThrow("waits once");
  });

  it("refuses to let go of someone who is not there", () => {
    const line = new WaitingLine(1);
    line.join(4, 0);
    line.leave(4);
    expect(() => line.leave(4)).toThrow("only who waits");
    expect(() => line.leave(4000)).toThrow("only who waits");
  });
});

import { describe, expect, it } from "vitest";
import { boundedLine, erlangB, trunkReservation } from "../../support/closed-forms.js";
import { longRun, reservedOverflow, reservedQueue } from "../../support/markov-chain.js";

const same = (left: number | null, right: number) => expect(left! / right).toBeCloseTo(1, 11);
const TEN = { servers: 10, reserved: 2, priority: 2, standard: 8 };

describe("the long run", () => {
  it("is that of two states, and visits no state that nothing leads to", () => {
    const chain = longRun([0], ([state]) => [
      [[1 - state!], state === 0 ? 3 : 1],
      [[2], 0],
    ]);
    expect(chain.states).toBe(2);
    same(
      chain.share(([state]) => state === 1),
      0.75,
    );
  });
});

describe("trunk reservation in front of a queue", () => {
  it("without places is the loss system", () => {
    const { priority, standard } = reservedQueue(TEN, 0, false);
    same(priority.blocking, trunkReservation(10, 2, 2, 8).priority);
    same(standard.blocking, trunkReservation(10, 2, 2, 8).standard);
  });

  it("without a reserve loses what the bounded queue loses, and Priority waits less for it", () => {
    const { priority, standard } = reservedQueue({ ...TEN, reserved: 0 }, 20, false);
    const line = boundedLine(10, 30, 10);
    same(priority.blocking, line.blocking);
    same(standard.blocking, line.blocking);
    same((2 * priority.wait + 8 * standard.wait!) / 10, line.wait);
    expect(priority.wait).toBeLessThan(line.wait / 3);
  });

  // Computed apart from this code, by a direct solution of the balance equations.
  it("gives the golden values", () => {
    const system = { servers: 10, reserved: 2, priority: 3, standard: 5 };
    const plain = reservedQueue(system, 5, false);
    same(plain.priority.blocking, 0.018358330518900293);
    same(plain.standard.blocking, 0.10911861711913552);
    same(plain.priority.wait, 0.0046440959132251335);
    same(plain.standard.wait, 0.3403482054864531);
    const displacing = reservedQueue(system, 5, true);
    same(displacing.priority.blocking, 0.0001072275392936439);
    same(displacing.standard.blocking, 0.11722967536934283);
    same(displacing.priority.wait, 0.008907901183197406);
    expect(displacing.standard.wait).toBeNull();
  });
});

describe("overflow of a reserve", () => {
  it("without a reserve is one hunt over all servers", () => {
    const { overflow, standard, priority } = reservedOverflow({ ...TEN, priority: 0, reserved: 0 }, 4);
    same(standard, erlangB(14, 8));
    same(overflow, erlangB(10, 8) - erlangB(14, 8));
    same(priority, erlangB(10, 8));
  });

  it("gives the golden values, and loses Priority as without it", () => {
    const { overflow, standard, priority } = reservedOverflow(TEN, 4);
    same(overflow, 0.26642183539014913);
    same(standard, 0.1266523790075884);
    same(priority, trunkReservation(10, 2, 2, 8).priority);
  });
});

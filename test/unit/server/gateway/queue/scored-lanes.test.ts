import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_REQUEST, RequestQueue } from "../../../../../src/core/server/gateway/queue/queue.js";
import { ScoredLanes } from "../../../../../src/core/server/gateway/queue/scored-lanes.js";

interface Waiting {
  readonly request: number;
  readonly lane: number;
  readonly score: number;
  readonly order: number;
}

const event = fc.record({
  kind: fc.constantFrom("join", "join", "leave", "first"),
  lane: fc.nat({ max: 1 }),
  score: fc.integer({ min: -3, max: 3 }),
  choice: fc.nat({ max: 100 }),
});

describe("waiting requests by score", () => {
  it("has the least first, of equals the first that came, whoever leaves from where, though numbers come again", () => {
    const law = fc.property(fc.array(event, { maxLength: 80, size: "max" }), (events) => {
      const queue = new RequestQueue([0, 1]);
      const lanes = new ScoredLanes(queue);
      let waiting: Waiting[] = [];
      const free: number[] = [];
      let joined = 0;
      const firstOf = (lane: number) =>
        waiting
          .filter((one) => one.lane === lane)
          .sort((one, other) => one.score - other.score || one.order - other.order)[0];
      const leaves = ({ request }: Waiting) => {
        queue.leave(request);
        free.push(request);
        waiting = waiting.filter((one) => one.request !== request);
      };
      for (const { kind, lane, score, choice } of events) {
        if (kind === "join") {
          const request = free.pop() ?? waiting.length;
          queue.join(request, lane);
          lanes.add(request, score);
          waiting.push({ request, lane, score, order: joined++ });
        } else if (waiting.length > 0) {
          leaves((kind === "first" && firstOf(lane)) || waiting[choice % waiting.length]!);
        }
        const heads = [0, 1].map((one) => firstOf(one));
        expect([0, 1].map((one) => lanes.headOf(one))).toEqual(
          heads.map((one) => one?.request ?? NO_REQUEST),
        );
        const [one, other] = heads;
        if (one === undefined || other === undefined) continue;
        const isSooner = one.score < other.score || (one.score === other.score && one.order < other.order);
        expect(lanes.goesBefore(0, 1)).toBe(isSooner);
      }
    });
    fc.assert(law, { seed: 1, numRuns: 300 });
  });
});

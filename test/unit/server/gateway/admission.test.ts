import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { Admission, KEPT } from "../../../../src/core/server/gateway/admission.js";
import type { ConcurrencyLimit, Stay } from "../../../../src/core/server/gateway/concurrency/limit.js";
import { createLimit } from "../../../../src/core/server/gateway/concurrency/registry.js";
import { TailDrop } from "../../../../src/core/server/gateway/policies/tail-drop.js";
import { NO_REQUEST } from "../../../../src/core/server/gateway/queue/queue.js";
import {
  DISPLACE,
  OVERLOADED_CAPACITY,
  OVERLOADED_PREDICTED,
  WAIT,
} from "../../../../src/core/server/gateway/verdict.js";
import {
  admissionOf,
  facts,
  occupancy,
  signals,
  startsAll,
  waitingView,
} from "../../../support/gateway-views.js";

const bounded = new TailDrop({ maxQueue: 2, queueTimeout: seconds(3), displaceLower: true });
const ofTwo = () => createLimit({ limit: "fixed", most: 2 }, { chance: () => 0 });
const at = (time: number) => instant(seconds(time));

/** Writes down what it is told, and grows by one each time. */
class Listening implements ConcurrencyLimit {
  readonly learns = true;
  readonly weighs: boolean = false;
  readonly log: unknown[] = [];
  most = 2;

  mayEnter(_facts: { inputTokens: number }): boolean {
    return true;
  }

  entered(..._told: readonly unknown[]): void {
    // Weighs none.
  }

  firstToken(attempt: number, startedAt: number, inside: number, now: number): void {
    this.log.push(["first token", attempt, startedAt, inside, now]);
    this.most++;
  }

  left(attempt: number, stay: Stay, inside: number): void {
    this.log.push({ attempt, ...stay, inside });
    this.most++;
  }
}

/** Requests 0, 1, 2 ... on path 0, which is of rank 0, unless told otherwise. */
function joined(count: number, setup: Partial<Parameters<typeof admissionOf>[0]> = {}, lane = 0) {
  const admission = admissionOf({ policy: bounded, ...setup });
  for (let request = 0; request < count; request++) admission.join(request, lane, 0, at(0));
  return admission;
}

const waiting = waitingView();

describe("the queue of an admission", () => {
  it("is over its bound when more wait than the policy has places for", () => {
    expect([1, 2, 3].map((count) => joined(count).isOverBound)).toEqual([false, false, true]);
  });

  it("lets an arrival displace the last of a lower rank, once it is full, where the verdict says so", () => {
    const full = joined(2, {}, 1);
    expect([full.displacedBy(DISPLACE, 0), full.displacedBy(WAIT, 0), full.displacedBy(DISPLACE, 1)]).toEqual(
      [1, NO_REQUEST, NO_REQUEST],
    );
    expect(joined(1, {}, 1).displacedBy(DISPLACE, 0)).toBe(NO_REQUEST);
  });

  it("lets one that could not start displace only where the policy displaces", () => {
    const strict = new TailDrop({ maxQueue: 2, queueTimeout: undefined, displaceLower: false });
    expect([joined(3, {}, 1).displacedFrom(0), joined(3, { policy: strict }, 1).displacedFrom(0)]).toEqual([
      2,
      NO_REQUEST,
    ]);
  });

  it("says when a wait ends", () => {
    const patient = new TailDrop({ maxQueue: 2, queueTimeout: undefined, displaceLower: true });
    expect([joined(0).deadline(at(4)), joined(0, { policy: patient }).deadline(at(4))]).toEqual([
      at(7),
      NEVER,
    ]);
  });
});

describe("the limit of an admission", () => {
  it("closes it when as many are inside, and opens it when one has left", () => {
    const admission = joined(3, { limit: ofTwo() });
    admission.start(admission.next(waiting, occupancy(), at(0)), waiting, at(0));
    expect(admission.isBelowLimit).toBe(true);
    admission.start(admission.next(waiting, occupancy(), at(0)), waiting, at(0));
    expect([admission.inside, admission.isBelowLimit, admission.queue.length]).toEqual([2, false, 1]);
    admission.left(0);
    expect(admission.isBelowLimit).toBe(true);
    admission.left(1);
    expect(() => admission.left(1)).toThrow("LAW-10");
  });

  it("is all that anyone sees of more room", () => {
    const admission = joined(1, { limit: ofTwo() });
    admission.start(0, waiting, at(0));
    expect([admission.slotsOf(8), admission.slotsOf(1)]).toEqual([2, 1]);
    expect([admission.openingsOf(5), admission.openingsOf(0)]).toEqual([1, 0]);
    const unlimited = joined(0);
    expect([unlimited.slotsOf(8), unlimited.openingsOf(5)]).toEqual([8, 5]);
  });

  it("reached, has an arrival wait or shed as a full pool does", () => {
    const admission = joined(1, { limit: ofTwo() });
    const verdict = (openings: number) => {
      const seen = signals({ openings: admission.openingsOf(openings), queued: [0, 0] });
      return admission.decide({ rank: 0 } as never, seen, at(0)).kind;
    };
    expect(verdict(1)).toBe("admit");
    admission.start(0, waiting, at(0));
    admission.join(1, 0, 0, at(0));
    admission.start(1, waiting, at(0));
    expect(verdict(6)).toBe("wait");
  });
});

describe("what is shed at the head", () => {
  const dropping = {
    ...startsAll,
    dropsAtHead: true,
    dropsHead: (_: number, waited: number) => waited > 2e6,
  };

  it("is what the policy drops by how long it waited, and says why", () => {
    const admission = joined(1, { policy: dropping });
    const seen = waitingView({ arrivedAtOf: () => at(1) });
    expect([2, 3, 3.5].map((time) => admission.dropsHead(0, seen, at(time)))).toEqual([
      KEPT,
      KEPT,
      reasonCode("overloaded_delay"),
    ]);
    expect([admission.dropsAtHead, joined(1).dropsAtHead]).toEqual([true, false]);
  });

  it("is what the rule cannot start in time, with a timeout's reason", () => {
    const admission = joined(1, { policy: startsAll });
    Object.assign(admission.rule, { dropsLate: true, isLate: () => true });
    expect(admission.dropsHead(0, waiting, at(3))).toBe(reasonCode("queue_timeout"));
  });

  it("is for the policy's reason the last of a lower rank, where it displaces and one waits", () => {
    const delay = reasonCode("overloaded_delay");
    const droppedFor = (displaceLower: boolean, lane: number, reason = delay) => {
      const admission = joined(2, { policy: { ...dropping, displaceLower } }, 1);
      admission.join(2, lane, 0, at(1));
      return admission.droppedFor(2, reason);
    };
    expect([droppedFor(true, 0), droppedFor(true, 1), droppedFor(false, 0)]).toEqual([1, 2, 2]);
    expect(droppedFor(true, 0, reasonCode("queue_timeout"))).toBe(2);
  });

  it("tells the policy how many others wait", () => {
    const asked: number[] = [];
    const counting = {
      ...dropping,
      dropsHead: (_: number, __: number, ___: number, others: number) => asked.push(others) < 0,
    };
    for (const count of [1, 3]) joined(count, { policy: counting }).dropsHead(0, waiting, at(1));
    expect(asked).toEqual([0, 2]);
  });
});

describe("a rule with a bound of its own", () => {
  it("refuses before the policy is asked, which has nothing to settle then (LAW-10)", () => {
    const asked: number[] = [];
    const policy = {
      ...startsAll,
      decide: ({ rank }: { readonly rank: number }) => {
        asked.push(rank);
        return WAIT;
      },
    };
    const { limit, rule } = admissionOf({ policy });
    Object.assign(rule, { isBounded: true, hasPlace: (rank: number) => rank === 0 });
    const admission = new Admission({ limit, policy, rule });
    const kinds = [0, 1].map((rank) => admission.decide(facts({ rank }), signals(), at(0)));
    expect([kinds, asked]).toEqual([[WAIT, OVERLOADED_CAPACITY], [0]]);
  });
});

describe("who is evicted", () => {
  it("is of the lowest rank below that runs the last that started, and no other", () => {
    const evicting = new TailDrop({
      maxQueue: 9,
      queueTimeout: undefined,
      displaceLower: false,
      evictLower: true,
    });
    const admission = admissionOf({ policy: evicting, ranks: [0, 1, 1] });
    for (const [request, lane] of [0, 1, 2].entries()) admission.join(request, lane, 0, at(0));
    for (const request of [0, 1, 2]) admission.start(request, waiting, at(request));
    expect([0, 1].map((rank) => admission.evictedBy(rank, () => true))).toEqual([2, NO_REQUEST]);
    admission.left(2);
    expect(admission.evictedBy(0, () => true)).toBe(1);
    admission.left(1);
    expect(admission.evictedBy(0, () => true)).toBe(NO_REQUEST);
    expect(joined(2).evictedBy(0, () => true)).toBe(NO_REQUEST);
  });

  it("is none while more are inside than the limit lets: nothing could start in its place", () => {
    const policy = new TailDrop({
      maxQueue: 9,
      queueTimeout: undefined,
      displaceLower: false,
      evictLower: true,
    });
    const limit = ofTwo();
    const admission = admissionOf({ policy, limit, ranks: [0, 1] });
    for (const request of [0, 1]) admission.join(request, 1, 0, at(0));
    for (const request of [0, 1]) admission.start(request, waiting, at(request));
    expect(admission.evictedBy(0, () => true)).toBe(1);
    Object.assign(limit, { most: 1 });
    expect(admission.evictedBy(0, () => true)).toBe(NO_REQUEST);
  });
});

describe("a limit that weighs", () => {
  /** Lets one in beside others where its prompt is short. */
  class Weighing extends Listening {
    override readonly weighs = true;

    override mayEnter(facts: { inputTokens: number }): boolean {
      return facts.inputTokens < 50;
    }

    override entered(...told: readonly unknown[]): void {
      this.log.push(told);
    }
  }
  const long = waitingView({ factsOf: () => facts({ inputTokens: 80 }) });
  const short = waitingView({ factsOf: () => facts({ inputTokens: 20 }) });

  it("holds back whom it does not let in beside others, at the head of the queue and on arrival", () => {
    const admission = joined(2, { limit: new Weighing() });
    expect(admission.next(long, occupancy(), at(0))).toBe(0);
    admission.start(0, long, at(0));
    expect([admission.next(long, occupancy(), at(0)), admission.next(short, occupancy(), at(0))]).toEqual([
      NO_REQUEST,
      1,
    ]);
    const seen = signals({ openings: 3 });
    const verdicts = [80, 20].map(
      (inputTokens) => admission.decide(facts({ inputTokens }), seen, at(0)).kind,
    );
    expect([verdicts, seen.openings]).toEqual([["wait", "admit"], 3]);
  });

  it("hears of each start, with its facts", () => {
    const limit = new Weighing();
    const admission = joined(1, { limit });
    admission.start(0, long, at(1));
    admission.startAtOnce(1, 0, 0, short, at(2));
    expect(limit.log).toEqual([
      [0, facts({ inputTokens: 80 }), 1, at(1)],
      [1, facts({ inputTokens: 20 }), 2, at(2)],
    ]);
  });

  it("says that it was by what it predicts that an arrival was refused, and only then", () => {
    const policy = new TailDrop({
      maxQueue: 0,
      queueTimeout: undefined,
      displaceLower: false,
      evictLower: false,
    });
    const admission = admissionOf({ policy, limit: new Weighing() });
    const verdict = (inputTokens: number, openings: number) =>
      admission.decide(facts({ inputTokens }), signals({ openings }), at(0));
    expect(verdict(80, 3).kind).toBe("admit");
    admission.startAtOnce(9, 0, 0, short, at(0));
    expect(verdict(20, 3).kind).toBe("admit");
    expect(verdict(80, 3)).toEqual(OVERLOADED_PREDICTED);
    // Without room it would not have got in anyhow.
    expect([verdict(80, 0), verdict(20, 0)]).toEqual([OVERLOADED_CAPACITY, OVERLOADED_CAPACITY]);
  });

  it("has the pool look anew after each first token while some wait", () => {
    const admission = joined(2, { limit: new Weighing() });
    admission.start(0, short, at(1));
    expect(admission.hasGrown).toBe(false);
    admission.firstToken(0, at(2));
    expect(admission.hasGrown).toBe(true);
  });
});

describe("a limit that learns", () => {
  it("hears of each first token and once of each end, with its times", () => {
    const limit = new Listening();
    const admission = joined(2, { limit });
    admission.start(0, waiting, at(1));
    admission.start(1, waiting, at(2));
    admission.firstToken(0, at(3));
    admission.left(0);
    admission.settle(0, 0, "completed", 40, at(5));
    admission.left(1);
    admission.settle(1, 0, "cut", 0, at(6));
    expect(limit.log).toEqual([
      ["first token", 0, at(1), 2, at(3)],
      {
        attempt: 0,
        startedAt: at(1),
        firstTokenAt: at(3),
        leftAt: at(5),
        outputTokens: 40,
        settlement: "completed",
        inside: 1,
      },
      {
        attempt: 1,
        startedAt: at(2),
        firstTokenAt: NEVER,
        leftAt: at(6),
        outputTokens: 0,
        settlement: "cut",
        inside: 0,
      },
    ]);
  });

  it("hears nothing of one that has never started, in a slot that was used before, too", () => {
    const limit = new Listening();
    const admission = joined(1, { limit });
    admission.start(0, waiting, at(1));
    admission.left(0);
    admission.settle(0, 0, "completed", 1, at(2));
    admission.join(0, 0, 0, at(0));
    admission.leave(0);
    admission.settle(0, 0, "shed", 0, at(3));
    expect(limit.log.length).toBe(1);
  });

  it("is room that no one has left, when it has grown while some wait", () => {
    const admission = joined(2, { limit: new Listening() });
    admission.start(0, waiting, at(1));
    expect(admission.hasGrown).toBe(false);
    admission.firstToken(0, at(2));
    expect(admission.hasGrown).toBe(true);
  });
});

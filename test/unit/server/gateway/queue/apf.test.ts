import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MICROS_PER_SECOND } from "../../../../../src/core/base/units.js";
import { createQueueRule, queueRule } from "../../../../../src/core/server/gateway/queue/registry.js";
import { ShuffleShard } from "../../../../../src/core/server/gateway/queue/shuffle-shard.js";
import { handOf } from "../../../../support/hands.js";
import { at, QueueInUse } from "../../../../support/queue-in-use.js";

const use = (options: object, ranks: readonly number[] = [0, 1]) =>
  new QueueInUse(
    (context) => createQueueRule(queueRule.parse({ rule: "apf", ...options } as never), context),
    ranks,
  );

/** The first accounts of the two queues that there are. */
const shards = new ShuffleShard(2, 1);
const accountOf = (queue: number) =>
  [0, 1, 2, 3, 4, 5, 6, 7].find((one) => handOf(shards, 1, one)[0] === queue)!;
const ELEPHANT = accountOf(0);
const MOUSE = accountOf(1);
const TWO = { queues: 2, handSize: 1 };

const joinAll = (queue: QueueInUse, accounts: readonly number[], path = 0) =>
  accounts.map((account) => queue.join({ account, path })?.id);

const startsOf = (queue: QueueInUse, count: number) =>
  Array.from({ length: count }, () => queue.start()?.account);

describe("API priority and fairness", () => {
  it("takes turns between queues, however many wait in each", () => {
    const queue = use(TWO);
    joinAll(queue, [ELEPHANT, ELEPHANT, ELEPHANT, ELEPHANT, MOUSE, MOUSE]);
    expect(startsOf(queue, 6)).toEqual([ELEPHANT, MOUSE, ELEPHANT, MOUSE, ELEPHANT, ELEPHANT]);
  });

  it("counts a guess while a request runs, and then what it took", () => {
    const queue = use({ ...TWO, serviceGuess: "10s" });
    joinAll(queue, [ELEPHANT, ELEPHANT, ELEPHANT, MOUSE, MOUSE]);
    const [elephant, mouse] = [queue.start()!, queue.start()!];
    at(queue, 1).end(elephant);
    // 1 s against a guess of 10, and then 11.
    expect(startsOf(queue, 1)).toEqual([ELEPHANT]);
    at(queue, 5).end(mouse);
    expect(startsOf(queue, 1)).toEqual([MOUSE]);
  });

  it("counts nothing for a request that leaves without having started, and no service either", () => {
    const queue = use({ ...TWO, serviceGuess: "8s" });
    joinAll(queue, [MOUSE, MOUSE, ELEPHANT]);
    queue.start();
    at(queue, 3).leave(queue.of(2));
    // Two queues had 1.5 s each up to then, and the one that is left 10 s more; the mouse counts 8.
    at(queue, 13).join({ account: ELEPHANT });
    expect(startsOf(queue, 2)).toEqual([MOUSE, ELEPHANT]);
  });

  it("has a queue that was idle begin where the others are", () => {
    const queue = use({ ...TWO, serviceGuess: "1s" });
    joinAll(queue, [ELEPHANT, ELEPHANT]);
    queue.start();
    // By then one queue has had 30 s of service, all that there was.
    at(queue, 30).join({ account: MOUSE });
    expect(startsOf(queue, 2)).toEqual([ELEPHANT, MOUSE]);
  });

  it("forgets what a queue has had beyond its share once it is idle", () => {
    const queue = use({ ...TWO, serviceGuess: "1s" });
    joinAll(queue, [ELEPHANT, ELEPHANT, ELEPHANT, MOUSE]);
    const running = [1, 2, 3, 4].map(() => queue.start()!);
    for (const one of running) if (one.account === ELEPHANT) at(queue, 10).end(one);
    // It had 30 s, and each of the two queues 20; by 20 s that is 25.
    queue.join({ account: ELEPHANT });
    at(queue, 20).join({ account: MOUSE });
    expect(startsOf(queue, 2)).toEqual([ELEPHANT, MOUSE]);
  });

  it("has nothing saved up by a queue that could not use its share", () => {
    const queue = use({ ...TWO, serviceGuess: "6s" });
    joinAll(queue, [MOUSE, ELEPHANT, ELEPHANT, ELEPHANT]);
    queue.start();
    queue.start();
    queue.start();
    // The elephant counts 12 s, the mouse 6. But three ran, so that each of two queues had 15 s for the taking.
    at(queue, 10).join({ account: MOUSE });
    expect(startsOf(queue, 2)).toEqual([ELEPHANT, MOUSE]);
  });

  it("refuses the newest of a full queue, and of no other", () => {
    const queue = use({ ...TWO, queueLengthLimit: 2 });
    expect(joinAll(queue, [ELEPHANT, ELEPHANT, ELEPHANT, MOUSE])).toEqual([0, 1, undefined, 2]);
    expect(joinAll(queue, [ELEPHANT], 1)).toEqual([3]);
    queue.start();
    expect(joinAll(queue, [ELEPHANT, ELEPHANT])).toEqual([4, undefined]);
  });

  it("puts a request into the shortest queue of its hand, equally short ones in turn", () => {
    const queue = use({ queues: 4, handSize: 4 }, [0]);
    const { rule } = queue;
    const ids = joinAll(queue, [9, 9, 9, 9, 9]) as number[];
    expect(ids.map((id) => rule.queue.laneOf(id))).toEqual([0, 1, 2, 3, 0]);
    queue.leave(queue.of(2));
    const [next] = joinAll(queue, [9]) as number[];
    expect(rule.queue.laneOf(next!)).toBe(2);
  });

  it("lets equally short queues take turns while none waits", () => {
    const queue = use({ queues: 4, handSize: 4 }, [0]);
    const lanes = [1, 2, 3, 4, 5].map(() => {
      const [id] = joinAll(queue, [9]) as number[];
      queue.start();
      return queue.rule.queue.laneOf(id!);
    });
    expect(lanes).toEqual([0, 1, 2, 3, 0]);
  });

  it("goes by rank first, and keeps the paths of a rank in the order in which they came", () => {
    const queue = use(TWO, [1, 0, 1]);
    for (const path of [2, 0, 2, 1]) queue.join({ path });
    expect([1, 2, 3, 4].map(() => queue.start()!.id)).toEqual([3, 0, 1, 2]);
  });

  it("has the last of the queue leave for an arrival that has most to do", () => {
    const queue = use(TWO);
    joinAll(queue, [ELEPHANT, ELEPHANT, ELEPHANT, MOUSE, MOUSE], 1);
    expect(queue.rule.lastBelow(0)).toBe(2);
    queue.leave(queue.of(2));
    expect(queue.rule.lastBelow(0)).toBe(4);
  });

  it("has Kubernetes' queues, hands and bound unless told, and no hand larger than the deck", () => {
    expect(queueRule.parse("apf")).toEqual({
      rule: "apf",
      ...{ queues: 64, handSize: 8, queueLengthLimit: 50, serviceGuess: 10_000_000 },
    });
    const { error } = queueRule.safeParse({ rule: "apf", queues: 4, handSize: 5 });
    expect(error!.issues).toMatchObject([
      { path: ["handSize"], message: "a hand of 5 cannot be dealt from 4 queues" },
    ]);
  });
});

const SLOTS = 3;
const GUESS = 1;
const LONGEST = 4;
const job = fc.integer({ min: 1, max: LONGEST * MICROS_PER_SECOND });

/**
 * The most by which two queues with as much to do are apart in service that has ended, in seconds: one queue has the
 * jobs of one list, the other those of the other, and so many run at once.
 */
function apart(queue: QueueInUse, jobs: readonly (readonly number[])[]): number {
  for (const [place, list] of jobs.entries()) {
    const accounts = list.map(() => (place === 0 ? ELEPHANT : MOUSE));
    joinAll(queue, accounts);
  }
  const served = [0, 0];
  const running: { ends: number; starts: number; request: NonNullable<ReturnType<QueueInUse["start"]>> }[] =
    [];
  const taken = [0, 0];
  let most = 0;
  const waits = (account: number) => queue.waiting.some((one) => one.account === account);
  while (waits(ELEPHANT) && waits(MOUSE)) {
    while (running.length < SLOTS) {
      const request = queue.start();
      if (request === undefined) break;
      const place = request.account === ELEPHANT ? 0 : 1;
      running.push({ request, starts: queue.now, ends: queue.now + jobs[place]![taken[place]!++]! });
    }
    running.sort((one, other) => one.ends - other.ends);
    const [first] = running.splice(0, 1);
    at(queue, first!.ends / MICROS_PER_SECOND).end(first!.request);
    served[first!.request.account === ELEPHANT ? 0 : 1]! += (first!.ends - first!.starts) / MICROS_PER_SECOND;
    most = Math.max(most, Math.abs(served[0]! - served[1]!));
  }
  return most;
}

describe("two queues that always have requests waiting", () => {
  /**
   * A queue that starts a request has the least, and from then on grows by the guess and by what those that run take
   * longer than that; the other may shrink by what they take less. What runs has not been served yet.
   */
  const BOUND = GUESS + SLOTS * (LONGEST - GUESS) + 2 * SLOTS * GUESS;
  const jobs = fc.tuple(
    fc.array(job, { minLength: 30, maxLength: 45 }),
    fc.array(
      fc.nat({ max: MICROS_PER_SECOND }).map((micros) => micros + 1),
      { minLength: 45, maxLength: 50 },
    ),
  );
  const queues = { ...TWO, queueLengthLimit: 100, serviceGuess: `${GUESS}s` };

  it("are served alike, but for what can run at once", () => {
    const law = fc.property(jobs, (lists) => apart(use(queues), lists) <= BOUND);
    fc.assert(law, { numRuns: 100 });
  });

  it("are not where the first come is the first served", () => {
    const inOrder = () => new QueueInUse((context) => createQueueRule({ rule: "fifo" }, context), [0, 1]);
    const furthest = fc.sample(jobs, { seed: 1, numRuns: 20 }).map((lists) => apart(inOrder(), lists));
    expect(Math.min(...furthest)).toBeGreaterThan(2 * BOUND);
  });
});

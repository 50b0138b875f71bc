// What an autoscaler of a user's own must keep to: it says the same of the same samples, a number from 0 or nothing,
// and asks for a replica where there is load and none.
import fc from "fast-check";
import { instant } from "../../base/units.js";
import type { Autoscaler } from "../../server/fleet/control/autoscalers/autoscaler.js";
import type { ScalingSample, ScalingView } from "../../server/fleet/control/autoscalers/view.js";
import { caseLaw, type Law, law } from "./law.js";

const SLOTS = 16;

const level = fc.record({
  wanted: fc.nat({ max: 40 }),
  ready: fc.nat({ max: 40 }),
  queued: fc.nat({ max: 500 }),
  busy: fc.double({ min: 0, max: 1, noNaN: true }),
  gap: fc.integer({ min: 1_000_000, max: 60_000_000 }),
  arrived: fc.nat({ max: 500 }),
});
const life = fc.array(level, { maxLength: 30 });

type Level = typeof level extends fc.Arbitrary<infer Value> ? Value : never;

const nothingYet: ScalingSample = {
  asOf: instant(0),
  wanted: 1,
  ready: 1,
  starting: 0,
  queued: 0,
  running: 0,
  slots: SLOTS,
  kvTokens: 10_000,
  kvUsed: 0,
  kvShares: [],
  arrived: 0,
  promptTokens: 0,
  shed: 0,
  completed: 0,
  outputTokens: 0,
};

const viewOf = (latest: ScalingSample): ScalingView => ({
  now: latest.asOf,
  wanted: latest.wanted,
  latest: Object.freeze(latest),
  mean: (read) => (typeof read === "string" ? latest[read] : read(latest)),
  rate: () => 0,
  counted: () => 0,
});

function answers(scaler: Autoscaler, levels: readonly Level[]): (number | undefined)[] {
  let last = nothingYet;
  return levels.map(({ wanted, ready, queued, busy, gap, arrived }) => {
    const slots = ready * SLOTS;
    const running = Math.floor(busy * slots);
    const completed = Math.min(last.completed + running, last.arrived);
    const kvUsed = 100 * running;
    const [asOf, kvTokens] = [instant(last.asOf + gap), 10_000 * ready];
    const levels = { asOf, wanted, ready, starting: Math.max(0, wanted - ready), queued, running, slots };
    const counts = { arrived: last.arrived + arrived, completed, outputTokens: 200 * completed };
    last = { ...last, ...levels, kvTokens, kvUsed, ...counts, promptTokens: 500 * counts.arrived };
    return scaler.recommend(viewOf(last));
  });
}

type Create = () => Autoscaler;

const isRight = (replicas: number | undefined) =>
  replicas === undefined || (Number.isFinite(replicas) && replicas >= 0);

export const AUTOSCALER_LAWS: readonly Law<Create>[] = [
  law("LAW-4: says the same of the same samples", (create) =>
    fc.property(life, (levels) => {
      const [first, again] = [0, 0].map(() => answers(create(), levels).join());
      return first === again;
    }),
  ),
  law("wants a number of replicas from 0 up, or says nothing", (create) =>
    fc.property(life, (levels) => answers(create(), levels).every(isRight)),
  ),
  caseLaw("wants a replica where requests wait and there is none", (create) => {
    const scaler = create();
    const waiting = { ...nothingYet, wanted: 0, ready: 0, slots: 0, kvTokens: 0, queued: 50, arrived: 50 };
    const wanted = [1, 2, 3, 4, 5].map((n) =>
      scaler.recommend(viewOf({ ...waiting, asOf: instant(n * 60_000_000) })),
    );
    if (wanted.some((replicas) => replicas !== undefined && replicas > 0)) return undefined;
    return `50 requests wait for minutes, and it says ${wanted.at(-1) ?? "nothing"}`;
  }),
];

import { expect, it } from "vitest";
import { duration, instant } from "../../../../../src/core/base/units.js";
import { SampleWindow } from "../../../../../src/core/server/gateway/concurrency/sample-window.js";

const windowOf = (samples: number) => new SampleWindow({ window: duration(1_000_000), samples });

/** Every so often a sample; what each window was that has ended, with the number of the sample that ended it. */
function ended(window: SampleWindow, samples: readonly number[], every: number) {
  return samples.flatMap((sample, n) => {
    const isOver = window.add(sample, n, false, instant((n + 1) * every));
    return isOver ? [[n, window.average, window.mostInside]] : [];
  });
}

it("ends with the first sample after its time, which it takes in", () => {
  // The first ends at once what began at time 0; the next lasts until more than a second later.
  expect(ended(windowOf(1), [500, 100, 200, 300, 400, 500, 900], 250_000)).toEqual([
    [0, 500, 0],
    [5, 300, 5],
  ]);
});

it("goes on until it has enough", () => {
  expect(ended(windowOf(4), [100, 200, 300, 400, 500, 600, 700, 800], 2_000_000)).toEqual([
    [3, 250, 3],
    [7, 650, 7],
  ]);
});

it("takes nothing below 100 us for a sample", () => {
  expect(ended(windowOf(2), [99, 100, 99, 300], 2_000_000)).toEqual([[3, 200, 3]]);
});

it("remembers the drops of its own time only", () => {
  const window = windowOf(2);
  const drops = [true, false, false, false].map((isDrop, n) => {
    const isOver = window.add(100, 1, isDrop, instant((n + 1) * 2_000_000));
    return isOver && window.hasDrop;
  });
  expect(drops).toEqual([false, true, false, false]);
});

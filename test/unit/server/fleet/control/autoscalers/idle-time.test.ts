import { expect, test } from "vitest";
import { IdleTime } from "../../../../../../src/core/server/fleet/control/autoscalers/idle-time.js";
import { at, sample, viewOf } from "./views.js";

test("idle time counts from the last sign of life: something inside, something waiting, or an arrival in between", () => {
  const idle = new IdleTime();
  const looks = [
    sample(10),
    sample(20),
    sample(30, { running: 1, arrived: 1 }),
    sample(40, { arrived: 1 }),
    sample(50, { arrived: 2 }),
    sample(60, { arrived: 2 }),
    sample(70, { arrived: 2, queued: 1 }),
    sample(90, { arrived: 2 }),
  ];
  const seen = looks.map((one) => [idle.look(viewOf([one], 1)) / at(1), idle.isActive]);
  expect(seen).toEqual([
    [0, false],
    [10, false],
    [0, true],
    [10, false],
    [0, true],
    [10, false],
    [0, true],
    [20, false],
  ]);
});

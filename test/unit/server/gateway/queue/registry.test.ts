import { describe, expect, it } from "vitest";
import {
  createQueueRule,
  QUEUE_RULES,
  queueRule,
} from "../../../../../src/core/server/gateway/queue/registry.js";
import { lanesOf } from "../../../../support/gateway-views.js";

describe.each(QUEUE_RULES.map(({ name }) => name))("queue rule %s", (name) => {
  it("is made of its name alone, with a lane for each path of a pool", () => {
    expect(createQueueRule(queueRule.parse(name), lanesOf([0, 3])).queue.ranks).toEqual([0, 3]);
  });
});

it("has no other", () => {
  expect(() => createQueueRule({ rule: "lifo" as "fifo" }, lanesOf([]))).toThrow(
    'no queue rule is named "lifo"',
  );
});

// What becomes of a module's answers; that they are the module's is tested with the realm, test/unit/node/code.
import { expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { Has } from "../../../../../src/core/custom/code.js";
import { CustomPolicy } from "../../../../../src/core/server/gateway/policies/custom-policy.js";
import { DISPLACE, OVERLOADED_CAPACITY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, signals } from "../../../../support/gateway-views.js";

const CODE = { wait: 1, displace: 2 } as const;

/** Whose module always says the same. */
function saying(word: keyof typeof CODE, displaceLower = true): CustomPolicy {
  const instance = {
    hasAny: (bits: number) => bits === Has.decide,
    checked: (code: number) => code,
    numbersOf: () => [0, 0, 0, 0, 0, 0, 0],
    bridge: { decide: () => CODE[word], queuedOf: () => 0, reseed: () => 0 },
  };
  return new CustomPolicy({
    ...{ maxQueue: 3, queueTimeout: undefined, displaceLower, chance: () => 0.5 },
    instance: instance as never,
  });
}

const verdictOf = (policy: CustomPolicy, queued: readonly number[]) =>
  policy.decide(facts({ rank: 0 }), signals({ busy: 10, queued }), START);

it("waits where there is a place, and beside a full queue is displaced or refused as tail-drop has it", () => {
  expect(verdictOf(saying("wait"), [1, 1])).toBe(WAIT);
  expect(verdictOf(saying("wait"), [1, 2])).toBe(DISPLACE);
  expect(verdictOf(saying("wait"), [3, 0])).toBe(OVERLOADED_CAPACITY);
  expect(verdictOf(saying("wait", false), [1, 2])).toBe(OVERLOADED_CAPACITY);
});

it("displaces where there is one to displace, and waits or is refused where there is none", () => {
  expect(verdictOf(saying("displace"), [0, 1])).toBe(DISPLACE);
  expect(verdictOf(saying("displace"), [1, 0])).toBe(WAIT);
  expect(verdictOf(saying("displace"), [3, 0])).toBe(OVERLOADED_CAPACITY);
});

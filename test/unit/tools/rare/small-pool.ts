// A pool that is quick to simulate, for the tests of splitting: some slots of which one is kept for Priority.
import { parseScenario, type Scenario, type ScenarioInput } from "../../../../src/core/index.js";
import { lossSystem } from "../../../support/oracle.js";

export interface SmallPool {
  readonly slots: number;
  readonly reserved: number;
  readonly maxQueue: number;
  readonly priority: number;
  readonly standard: number;
  readonly warmup: string;
  readonly duration: string;
  readonly displaceLower: boolean;
}

const DEFAULT: SmallPool = {
  slots: 10,
  reserved: 3,
  maxQueue: 0,
  priority: 2,
  standard: 8,
  warmup: "8s",
  duration: "16s",
  displaceLower: true,
};

/** Service takes a second on average. */
export function smallPoolInput(given: Partial<SmallPool> = {}): ScenarioInput {
  const { slots, reserved, maxQueue, priority, standard, displaceLower, ...times } = { ...DEFAULT, ...given };
  const admission = {
    policy: "trunk-reservation" as const,
    maxQueue,
    displaceLower,
    reserve: { standard: reserved / slots },
  };
  return lossSystem({ slots, rates: { priority, standard }, admission, ...times });
}

export function smallPool(given: Partial<SmallPool> = {}): Scenario {
  return parseScenario(smallPoolInput(given));
}

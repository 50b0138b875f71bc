// What a scenario may write at the ends of the ranges of its options: whatever of it is valid can be run. The ends are
// found in the definitions: an option's own bounds, and of values at odds those that it takes.
import fc from "fast-check";
import { it } from "vitest";
import * as z from "zod";
import {
  parseScenario,
  type Scenario,
  type ScenarioInput,
  Simulation,
  SurgefleetError,
} from "../../../src/core/index.js";
import { arrivals } from "../../../src/core/scenario/arrivals.js";
import { coldStart } from "../../../src/core/server/fleet/cold-start-keys.js";
import { FAULTS } from "../../../src/core/server/fleet/faults/registry.js";
import { gear } from "../../support/mode.js";

const NUMBERS = [0, 5e-324, 1e-300, 1e-31, 1e-9, 1e-7, 0.000_999, 0.001, 0.5, 1, 2, 10, 100, 1000, 1e6, 1e12];
const TEXTS = [
  "0s",
  "1us",
  "2us",
  "100s",
  "2h",
  "100d",
  "36524d",
  "36525d",
  "0%",
  "0.000001%",
  "50%",
  "100%",
];

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

const mayBeLeftOut = (schema: z.core.$ZodType) =>
  schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional;

/** Of all that a part of a scenario takes, what stands at an end of some range. */
function ends(schema: z.ZodType): fc.Arbitrary<unknown> {
  const right = <Value>(made: fc.Arbitrary<Value>) => made.filter((value) => takes(schema, value));
  if (mayBeLeftOut(schema)) return ends(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodObject) return right(someOf(schema.shape));
  if (schema instanceof z.ZodArray)
    return right(fc.array(ends(schema.element as z.ZodType), { minLength: 1, maxLength: 2 }));
  if (schema instanceof z.ZodUnion && schema.options.some((form) => form instanceof z.ZodObject))
    return right(fc.oneof(...schema.options.map((form) => ends(form as z.ZodType))));
  const {
    minimum,
    maximum,
    enum: names = [],
  } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const all = [...NUMBERS, ...TEXTS, ...names, minimum, maximum, true, false];
  return fc.constantFrom(...all.filter((value) => value !== undefined && takes(schema, value)));
}

/** Every key that there has to be and a few others, but for names. */
function someOf(shape: z.core.$ZodShape): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const keys = Object.keys(shape).filter((key) => !takes(shape[key] as z.ZodType, "any-name"));
  const needed = keys.filter((key) => !mayBeLeftOut(shape[key]!));
  const others = keys.filter((key) => !needed.includes(key));
  return fc
    .subarray(others, { maxLength: Math.min(3, others.length) })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries([...needed, ...chosen].map((key) => [key, ends(shape[key] as z.ZodType)])),
      ),
    );
}

/** A pool that goes up and down on spot nodes. */
function world(coldStart: unknown, faults: object, traffic: object): ScenarioInput {
  const nodes = { h: { gpu: "H100", count: 20, gpusPerNode: 1, market: "spot", zones: 2 } };
  const steps = [1, 8, 0, 8, 1].map((replicas, second) => ({ at: `${second}s`, replicas }));
  const autoscaler = { algorithm: "schedule", min: 0, max: 8, steps };
  const replica = { engine: "slots", slots: 8, tokensPerSecond: 50 };
  return {
    schemaVersion: 1,
    ...{ duration: "20s", inventory: { nodes }, faults },
    pools: {
      p: { replicas: 1, gpusPerReplica: 1, replica, coldStart, autoscaler, warmPool: 1 },
      q: {
        replicas: 1,
        gpusPerReplica: 1,
        replica,
        coldStart,
        autoscaler: { algorithm: "target-load" },
        warmPool: 1,
      },
    },
    paths: { m: { model: "m", pool: "p", rank: 0 }, n: { model: "n", pool: "q", rank: 0 } },
    traffic: { calls: { mix: { m: 0.5, n: 0.5 }, ...traffic } },
  } as unknown as ScenarioInput;
}

const STEADY = { arrivals: { process: "poisson", rate: "5/s" }, input: 100, output: 20 };

function validated(input: ScenarioInput): Scenario | undefined {
  try {
    return parseScenario(input);
  } catch (error) {
    if (error instanceof SurgefleetError && error.code === "INVALID_SCENARIO") return undefined;
    throw error;
  }
}

const EVENTS = 300;
const RUNS = gear(6, 200);
/** Of what is tried one in so many is valid at the least, or that something is would not mean much. */
const TRIED_FOR_ONE = 10;

/** Whatever of it is valid is run for some events. */
function expectRuns(written: fc.Arbitrary<ScenarioInput>): void {
  const law = fc.property(written, (input) => {
    const scenario = validated(input);
    fc.pre(scenario !== undefined);
    new Simulation(scenario).run(EVENTS);
  });
  fc.assert(law, { numRuns: RUNS, maxSkipsPerRun: TRIED_FOR_ONE });
}

it.each(FAULTS.map(({ name, options }) => ({ name, options })))(
  "a fault of kind $name",
  ({ name, options }) => {
    expectRuns(someOf(options).map((more) => world("none", { one: { fault: name, ...more } }, STEADY)));
  },
);

it("a cold start", () => {
  expectRuns(ends(coldStart.def.options[2]).map((stages) => world(stages, {}, STEADY)));
});

it("how arrivals of a population vary", () => {
  const [{ shape }] = arrivals.def.options[2].options;
  // Millions of rushes a second are valid, too, and have an end, but not soon.
  const { every: _, ...rush } = shape.flash.unwrap().shape;
  const vary = fc.tuple(someOf({ cv: shape.cv }), someOf(rush)).map(([more, flash]) => ({
    ...{ workload: "agentic", rate: "2/s", flash },
    ...more,
  }));
  expectRuns(vary.map((arrivals) => world("none", {}, { arrivals })));
});

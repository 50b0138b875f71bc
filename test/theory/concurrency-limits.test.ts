// Where concurrency limits settle in pools whose capacity is known in closed form, under more load than that; and the
// swing of prefill against decoding that Mooncake found where admission goes by the load of the moment.
import { describe, expect, test } from "vitest";
import { REASONS } from "../../src/core/base/outcome.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario, type ScenarioInput } from "../../src/core/index.js";
import { STEP_BY_STEP } from "../support/mode.js";

type PoolInput = ScenarioInput["pools"][string];

interface World {
  readonly profile: Record<"base" | "perSequence" | "perPrefillToken", string>;
  readonly maxBatchedTokens: number;
  readonly rate: number;
  readonly input: number;
  readonly output: NonNullable<ScenarioInput["traffic"][string]["output"]>;
}

/** One replica that lets everyone in: who waits waits inside. No queue in front of it. */
const scenario = (
  { profile, maxBatchedTokens, rate, input, output }: World,
  concurrency: NonNullable<PoolInput["concurrency"]>,
  seconds: number,
): ScenarioInput => ({
  schemaVersion: 1,
  duration: `${seconds}s`,
  inventory: { gpus: 1 },
  pools: {
    shared: {
      replicas: 1,
      replica: {
        engine: "batching",
        profile: { ...profile, perContextToken: "0us" },
        ...{ maxBatchedTokens, maxSequences: 512, maxPrefillSequences: 512, kvTokens: 100_000_000 },
      },
      admission: { policy: "tail-drop", maxQueue: 0 },
      concurrency,
    },
  },
  paths: { standard: { model: "m", pool: "shared", rank: 0 } },
  traffic: { callers: { arrivals: { process: "poisson", rate }, input, output, mix: { standard: 1 } } },
});

interface Course {
  /** Once a second in the second half: attempts inside. */
  readonly inside: readonly number[];
  /** Seconds from start to first token, and per token after it, of those that started in the second half. */
  readonly ttft: readonly number[];
  readonly tpot: readonly number[];
  readonly reasons: ReadonlySet<string>;
}

function run(world: World, concurrency: NonNullable<PoolInput["concurrency"]>, seconds: number): Course {
  const parsed = parseScenario(scenario(world, concurrency, seconds));
  const reasons = new Set<string>();
  const engine: Engine = new Engine(parsed, {
    seed: "1",
    followed: "nothing",
    observer: {
      attempt: (_event, _request, _attempt, _now, end) => {
        if (end !== undefined) reasons.add(REASONS[end.reason]!.name);
      },
    },
  });
  const admission = engine.service.parts.gateway.admissionOf(0);
  const course = { inside: [] as number[], ttft: [] as number[], tpot: [] as number[], reasons };
  const half = seconds * 5e5;
  const { limit } = admission;
  const left = limit.left.bind(limit);
  limit.left = (attempt, stay, inside) => {
    const { startedAt, firstTokenAt, leftAt, outputTokens, settlement } = stay;
    if (startedAt > half && settlement === "completed") {
      course.ttft.push((firstTokenAt - startedAt) / 1e6);
      if (outputTokens > 1) course.tpot.push((leftAt - firstTokenAt) / 1e6 / (outputTokens - 1));
    }
    left(attempt, stay, inside);
  };
  for (let next = half; engine.step(); ) {
    if (engine.now < next) continue;
    next += 1e6;
    course.inside.push(admission.inside);
  }
  return course;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const shareUpTo = (values: readonly number[], most: number) =>
  values.filter((value) => value <= most).length / values.length;

// A step takes 50 ms, whatever is in it, and has 1024 tokens. n sequences take n of them and start n / 200 others with
// prompts of 400 tokens: up to n + 2 n = 1024 first tokens come at once, beyond that they wait.
const FLAT: World = {
  profile: { base: "50ms", perSequence: "0us", perPrefillToken: "0us" },
  maxBatchedTokens: 1024,
  rate: 50,
  input: 400,
  output: { dist: "exponential", mean: 200 },
};
const KNEE = 1024 / 3;

describe.skipIf(STEP_BY_STEP)(
  "at one and a half times what a pool can take, where first tokens wait beyond a knee",
  () => {
    test("without a limit all places are taken and first tokens are late", () => {
      const { inside, ttft } = run(FLAT, { limit: "aimd", initial: 512, least: 512, most: 512 }, 200);
      expect(mean(inside)).toBeGreaterThan(1.4 * KNEE);
      expect(mean(ttft)).toBeGreaterThan(3);
    });

    test("gradient2 settles a little below the knee", () => {
      const { inside, ttft } = run(FLAT, { limit: "gradient2", most: 1000 }, 1000);
      expect(mean(inside) / KNEE).toBeGreaterThan(0.75);
      expect(mean(inside) / KNEE).toBeLessThan(1);
      expect(mean(ttft)).toBeLessThan(0.2);
    });

    test("vegas finds a queue early, where prompts only now and then meet in a step, and stays below", () => {
      const { inside, ttft } = run(FLAT, { limit: "vegas", samples: 100 }, 1600);
      expect(mean(inside) / KNEE).toBeGreaterThan(0.2);
      expect(mean(inside) / KNEE).toBeLessThan(0.6);
      expect(mean(ttft)).toBeLessThan(0.1);
    });

    test("pid settles with as many more inside as may wait", () => {
      const { inside, ttft } = run(FLAT, { limit: "pid", prefills: 20 }, 300);
      expect(Math.abs(mean(inside) / (KNEE + 20) - 1)).toBeLessThan(0.08);
      // Of 34 that come through in a second 20 wait: 0.6 s, and the steps that they come in and out with.
      expect(mean(ttft)).toBeGreaterThan(0.5);
      expect(mean(ttft)).toBeLessThan(1);
    });

    test("aimd swings, and less where a slow first token takes less", () => {
      const [tenth, thousandth] = ["90%", "99.9%"].map((backoff) =>
        run(FLAT, { limit: "aimd", slow: "1s", least: 1, most: 1000, backoff }, 400),
      );
      expect(spread(thousandth!.inside)).toBeLessThan(0.5 * spread(tenth!.inside));
      expect(Math.abs(mean(thousandth!.inside) / KNEE - 1)).toBeLessThan(0.2);
    });

    test("predictive keeps first tokens within what they may take, and says that it is why", () => {
      const { ttft, inside, reasons } = run(FLAT, { limit: "predictive", ttft: "500ms" }, 300);
      expect(shareUpTo(ttft, 0.55)).toBeGreaterThan(0.97);
      expect(mean(inside) / KNEE).toBeGreaterThan(0.9);
      expect([...reasons].sort()).toEqual(["none", "overloaded_predicted"]);
    });
  },
);

// A step takes 15 ms, 0.2 ms per sequence, and 10 ms where it is full of prompts, which are long: four make a second. Answers
// last half a minute, so that those that prefill are as many as a third of those that generate.
const SLOW_PREFILL: World = {
  profile: { base: "15ms", perSequence: "200us", perPrefillToken: "5us" },
  maxBatchedTokens: 2048,
  rate: 30,
  input: 8000,
  output: 650,
};

describe.skipIf(STEP_BY_STEP)("with long prompts, five times as many as can be worked through", () => {
  const limited = (predictor: "current" | "predicted") =>
    run(SLOW_PREFILL, { limit: "predictive", ttft: "20s", tpot: "40ms", predictor }, 800);

  test("by the load of the moment prefill and decoding swing against each other, and by that to come they do not", () => {
    const [current, predicted] = [limited("current"), limited("predicted")];
    expect(spread(current.inside)).toBeGreaterThan(30);
    expect(spread(predicted.inside)).toBeLessThan(spread(current.inside) / 3);
    expect(shareUpTo(predicted.tpot, 0.044)).toBeGreaterThan(0.95);
    expect(shareUpTo(current.tpot, 0.044)).toBeLessThan(0.8);
  });
});

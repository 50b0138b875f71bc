// What random worlds do not draw of callers, for worlds of their own: equal gaps, closed loops with and without think
// time, with callers who join one by one or after a plan, each in place of the random arrivals that the world has.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { Draw, micros } from "./draw.js";
import { randomScenario } from "./random-scenario.js";

type SourceInput = ScenarioInput["traffic"][string];
type ArrivalsInput = SourceInput["arrivals"];

interface Asked {
  /** Requests per second. */
  readonly rate: number;
  /** Seconds that the world lasts. */
  readonly duration: number;
}

type ChangeOfArrivals = (draw: Draw, asked: Asked) => ArrivalsInput;
type ChangeOfSource = (draw: Draw, asked: Asked) => Partial<SourceInput>;

const constant: ChangeOfArrivals = (draw, { rate, duration }) => ({
  process: "constant",
  ...(draw.chance(0.5) && { phase: draw.pick([0, "50%", 0.99]) }),
  ...(draw.chance(0.5)
    ? { rate }
    : { phases: [{ duration: micros(duration / 4), arrivalRate: 0, rampTo: rate }], repeat: true }),
});

/** Half of the time none at all: were there never any, a world that refuses at once would stand still. */
function drawThink(draw: Draw, about: number) {
  return draw.pick([
    { dist: "empirical" as const, values: [0, micros(2 * about)] },
    { dist: "exponential" as const, mean: about },
    micros(about),
  ]);
}

const closed: ChangeOfArrivals = (draw, { rate, duration }) => {
  const callers = draw.whole(1, 12);
  return {
    process: "closed",
    callers,
    think: drawThink(draw, callers / rate),
    ...(draw.chance(0.7) && {
      stagger: { over: micros(duration / 3), join: draw.pick(["evenly", "at random"] as const) },
    }),
  };
};

const planned: ChangeOfArrivals = (draw, { rate, duration }) => {
  const length = micros(duration / draw.whole(3, 9));
  const phases = Array.from({ length: draw.whole(1, 4) }, () =>
    draw.chance(0.2)
      ? { pause: length }
      : {
          duration: length,
          callers: draw.whole(1, 8),
          ...(draw.chance(0.6) && { rampTo: draw.whole(0, 12) }),
        },
  );
  return {
    process: "closed",
    phases: [{ duration: length, callers: 1, rampTo: 6 }, ...phases],
    repeat: draw.chance(0.5),
    think: drawThink(draw, 4 / rate),
  };
};

/** Bounds on whole answers, long and short, of clients that try again and of those that do not. */
const hurried: ChangeOfSource = (draw, { duration }) => {
  const time = () => micros(duration * draw.magnitude(0.0005, 0.3));
  return {
    client: {
      preset: draw.pick(["naive", "openai-node-6", "aws-standard", "litellm-router", "none"] as const),
      ...(draw.chance(0.7) && { attemptTimeout: time() }),
      ...(draw.chance(0.7) && { requestTimeout: time() }),
      ...(draw.chance(0.3) && { timeout: time() }),
      ...(draw.chance(0.4) && { hedgeAfter: time() }),
      ...(draw.chance(0.5) && { onTimeout: "abandon" as const }),
    },
  };
};

const arriving =
  (change: ChangeOfArrivals): ChangeOfSource =>
  (draw, asked) => ({ arrivals: change(draw, asked) });

const KINDS: Readonly<Record<string, ChangeOfSource>> = {
  constant: arriving(constant),
  closed: arriving(closed),
  planned: arriving(planned),
  hurried,
};

/** The world of a seed with its random processes changed. */
function called(change: ChangeOfSource): (seed: string, world?: ScenarioInput) => ScenarioInput {
  return (seed, world = randomScenario(seed)) => {
    const draw = new Draw(seed, "callers");
    const duration = Number.parseInt(String(world.duration), 10) / 1e6;
    const sources = Object.entries(world.traffic).map(([name, source]) => {
      const { arrivals } = source;
      const rate = "rate" in arrivals ? Number(arrivals.rate) : Number.NaN;
      return [name, rate > 0 ? { ...source, ...change(draw, { rate, duration }) } : source] as const;
    });
    return { ...world, traffic: Object.fromEntries(sources) };
  };
}

/** By name of the family, the random world of a seed, or another, with other callers. */
export const CALLER_KINDS: readonly (readonly [
  name: string,
  world: (seed: string, world?: ScenarioInput) => ScenarioInput,
])[] = Object.entries(KINDS).map(([name, change]) => [`callers-${name}`, called(change)]);

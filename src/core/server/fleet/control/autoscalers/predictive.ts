// Scales to the load that is forecast for when what is asked for now would be ready: a cold start and an interval
// from now. The most until then counts, so that nothing that is still needed is taken away for what comes later.
// Source: NVIDIA Dynamo's planner, whose throughput loop forecasts: ai-dynamo/dynamo, planner-config-reference.mdx
// @08db9ac (read, 2026-11): every 180 s, no action before 5 observations, one replica at least. Its predictors are
// constant, ARIMA, Kalman and Prophet; the last value is the first of them, and the seasonal ones are ours in the
// place of the others, as are target, season and weights.
import * as z from "zod";
import type { Duration } from "../../../../base/units.js";
import { type Raw, type Report, read } from "../../../../document/raw.js";
import type { Path } from "../../../../document/tree.js";
import { count, duration, share } from "../../../../document/units.js";
import { type AroundScaler, type Autoscaler, defineAutoscaler, type ScalerContext } from "./autoscaler.js";
import { Demand, mostOf, type Targets, targets } from "./demand.js";
import { type Forecast, HoltWinters, LastValue, SeasonalValue, type Smoothing } from "./forecasts.js";
import { knobOrigins, knobs } from "./knobs.js";
import type { ScalingView } from "./view.js";

interface Method {
  /** Options that say nothing to it. */
  readonly ignores: readonly ("season" | "smoothing")[];
  create(season: number, smoothing: Smoothing): Forecast;
}

const FORECASTS = {
  last: { ignores: ["season", "smoothing"], create: () => new LastValue() },
  seasonal: { ignores: ["smoothing"], create: (season) => new SeasonalValue(season) },
  "holt-winters": { ignores: [], create: (season, smoothing) => new HoltWinters(season, smoothing) },
} as const satisfies Record<string, Method>;

interface PredictiveOptions {
  readonly interval: Duration;
  readonly targets: Targets;
  readonly forecast: keyof typeof FORECASTS;
  readonly season: Duration;
  readonly smoothing: Smoothing;
  readonly minObservations: number;
}

class Predictive implements Autoscaler {
  readonly looksBack: number;
  readonly watchesKv: boolean;
  readonly #options: PredictiveOptions;
  readonly #demand: Demand;
  /** Steps until what is asked for now would be there, and of a season. */
  readonly #steps: number;
  readonly #season: number;
  readonly #forecasts: Forecast[] = [];
  #observations = 0;

  constructor(options: PredictiveOptions, context: ScalerContext) {
    this.#options = options;
    this.#demand = new Demand(options.targets, context);
    this.#steps = Math.ceil(context.coldStart / options.interval) + 1;
    this.#season = Math.max(1, Math.round(options.season / options.interval));
    this.looksBack = options.interval;
    this.watchesKv = this.#demand.watchesKv;
  }

  /** Of several targets each has a forecast of its own. A step before anything was measured is none. */
  recommend(view: ScalingView): number | undefined {
    const asked = this.#demand.each(view, this.looksBack);
    if (asked.includes(undefined)) return undefined;
    const wanted = asked.map((load, index) => this.#mostAhead(index, load!));
    this.#observations++;
    return this.#observations < this.#options.minObservations ? undefined : Math.max(1, mostOf(wanted)!);
  }

  /**
   * The most from now until what is asked for now would be there. A forecast is a line and a season, so that no season
   * between the first and the last one is above both.
   */
  #mostAhead(index: number, load: number): number {
    const forecast = this.#forecasts[index] ?? this.#begin(index);
    forecast.observe(load);
    let most = load;
    const look = (from: number, to: number) => {
      for (let step = from; step <= to; step++) most = Math.max(most, forecast.ahead(step));
    };
    const first = Math.min(this.#season, this.#steps);
    look(1, first);
    look(Math.max(first, this.#steps - this.#season) + 1, this.#steps);
    return most;
  }

  #begin(index: number): Forecast {
    const { forecast, smoothing } = this.#options;
    const made = FORECASTS[forecast].create(this.#season, smoothing);
    this.#forecasts[index] = made;
    return made;
  }
}

const weight = (value: string, of: string) =>
  share().prefault(value).describe(`Weight of the newest value in ${of} (ours).`);

const forecast = z
  .enum(Object.keys(FORECASTS) as (keyof typeof FORECASTS)[])
  .prefault("holt-winters")
  .describe("last: the last value; seasonal: that of a season ago; holt-winters: level, trend and season.");

function checkForecast(part: Raw, at: Path, _around: AroundScaler, report: Report): void {
  const method = read(forecast, part["forecast"]);
  if (method === undefined) return;
  for (const key of FORECASTS[method].ignores)
    if (part[key] !== undefined)
      report([...at, key], `counts for nothing with forecast: ${method}`, { at: "key" });
}

export const predictive = defineAutoscaler({
  name: "predictive",
  summary:
    "Scales to a target of the load forecast for the end of a cold start: last value, last season or Holt-Winters.",
  sources: [{ text: "ai-dynamo/dynamo planner-config-reference.mdx @08db9ac", date: "2026-11" }],
  defaults: {
    ...knobOrigins("read", ["min", "interval"]),
    targets: "ours",
    forecast: "ours",
    season: "ours",
    smoothing: "ours",
    minObservations: "read",
  },
  options: {
    ...knobs({ least: 1, interval: "3m" }),
    targets: targets.prefault({ utilization: 0.8 }).describe("Load per replica, by metric."),
    forecast,
    season: duration({ above: 0 })
      .prefault("1d")
      .describe(
        "Of seasonal and holt-winters: time after which the load repeats itself, rounded to whole intervals.",
      ),
    smoothing: z
      .strictObject({
        level: weight("30%", "the level"),
        trend: weight("5%", "the trend"),
        season: weight("30%", "its place of the season"),
      })
      .prefault({})
      .describe("Of holt-winters."),
    minObservations: count(1, 1e6).prefault(5).describe("Nothing is done before so many intervals."),
  },
  check: checkForecast,
  create: (options, context) => new Predictive(options as PredictiveOptions, context),
});

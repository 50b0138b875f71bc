// Forecasts of a load that is measured once a step, so many steps ahead: the last value, the value of a season ago, and
// additive Holt-Winters. Source: Holt 1957 and Winters 1960, in the form of Hyndman and Athanasopoulos, Forecasting:
// Principles and Practice, 8.3 (memory). Until one season is known the seasonal ones do with what they have.
export interface Forecast {
  /** The value of one more step. */
  observe(value: number): void;
  /** Of the step so many after the last that was observed: 1 at least. Only after one was observed. */
  ahead(steps: number): number;
}

export interface Smoothing {
  /** Weight of the newest value in the level, in the trend and in its place of the season: from 0 to 1. */
  readonly level: number;
  readonly trend: number;
  readonly season: number;
}

export class LastValue implements Forecast {
  #value = 0;

  observe(value: number): void {
    this.#value = value;
  }

  ahead(): number {
    return this.#value;
  }
}

/** The newest value that is whole seasons before; the last one where there is none yet. */
export class SeasonalValue implements Forecast {
  readonly #season: number;
  readonly #values: number[] = [];
  #count = 0;

  /** Steps of a season. */
  constructor(season: number) {
    this.#season = season;
  }

  observe(value: number): void {
    this.#values[this.#count % this.#season] = value;
    this.#count++;
  }

  ahead(steps: number): number {
    const place = (this.#count - 1 + steps) % this.#season;
    return this.#values[place] ?? this.#values[(this.#count - 1) % this.#season]!;
  }
}

/**
 * Level, trend and a season that is added. The first season makes the season: its values less their mean, which is the
 * first level, with no trend. Until then it is Holt's method, without a season.
 */
export class HoltWinters implements Forecast {
  readonly #season: number;
  readonly #weights: Smoothing;
  readonly #seasonal: number[] = [];
  #count = 0;
  #level = 0;
  #trend = 0;

  constructor(season: number, weights: Smoothing) {
    this.#season = season;
    this.#weights = weights;
  }

  observe(value: number): void {
    const { level, trend, season } = this.#weights;
    const place = this.#count % this.#season;
    const added = this.#isSeasonKnown ? this.#seasonal[place]! : 0;
    const before = this.#level + this.#trend;
    const next = this.#count === 0 ? value : before + level * (value - added - before);
    if (this.#count > 0) this.#trend += trend * (next - this.#level - this.#trend);
    // The season is corrected by what was expected before the value came.
    if (this.#isSeasonKnown) this.#seasonal[place] = added + season * (value - before - added);
    else this.#seasonal[place] = value;
    this.#level = next;
    this.#count++;
    if (this.#count === this.#season) this.#begin();
  }

  ahead(steps: number): number {
    const place = (this.#count - 1 + steps) % this.#season;
    return this.#level + steps * this.#trend + (this.#isSeasonKnown ? this.#seasonal[place]! : 0);
  }

  get #isSeasonKnown(): boolean {
    return this.#count >= this.#season;
  }

  #begin(): void {
    this.#level = this.#seasonal.reduce((sum, value) => sum + value, 0) / this.#season;
    this.#trend = 0;
    for (const place of this.#seasonal.keys()) this.#seasonal[place]! -= this.#level;
  }
}

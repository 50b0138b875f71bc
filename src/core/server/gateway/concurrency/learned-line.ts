// A straight line fitted to what has been seen so far, which weighs less the longer ago it was: how a limit learns what
// another sequence or another token costs. Least squares with exponential forgetting, in the form that carries means
// and centred sums on (West, "Updating mean and variance estimates", CACM 1979). It begins with two points on a line
// that is stated, and they are forgotten like the rest. Ours.

/** The slope is remembered so many times as long as the height: while load stands still points tell little of it. */
const SLOPE_MEMORY = 16;
const LEAST_SPREAD = 1e-9;

/** What it takes for the line before anything has been seen. */
export interface StatedLine {
  readonly base: number;
  readonly slope: number;
  /** The second of the two points that it begins with; the first is at 0. */
  readonly scale: number;
}

export class LearnedLine {
  #weight = 2;
  #meanX: number;
  #meanY: number;
  #spread: number;
  #together: number;
  #slope: number;
  readonly #keep: number;
  readonly #keepSlope: number;

  /** About so many of the last points count. */
  constructor({ base, slope, scale }: StatedLine, memory: number) {
    this.#keep = 1 - 1 / memory;
    this.#keepSlope = 1 - 1 / (SLOPE_MEMORY * memory);
    this.#slope = slope;
    this.#meanX = scale / 2;
    this.#meanY = base + slope * this.#meanX;
    this.#spread = scale ** 2 / 2;
    this.#together = slope * this.#spread;
  }

  /** What it expects at `x`, at least 0. */
  at(x: number): number {
    return Math.max(0, this.#meanY + this.#slope * (x - this.#meanX));
  }

  learn(x: number, y: number): void {
    this.#weight = this.#keep * this.#weight + 1;
    const before = x - this.#meanX;
    this.#meanX += before / this.#weight;
    this.#meanY += (y - this.#meanY) / this.#weight;
    this.#spread = this.#keepSlope * this.#spread + before * (x - this.#meanX);
    this.#together = this.#keepSlope * this.#together + before * (y - this.#meanY);
    // Where all were at one place, the slope stays what it was. More never costs less.
    if (this.#spread > LEAST_SPREAD) this.#slope = Math.max(0, this.#together / this.#spread);
  }
}

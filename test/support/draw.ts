// Draws for random worlds: everything comes from one named stream, so that a world is its seed and nothing else.
import { openStream, type Stream } from "../../src/core/random/stream.js";

export class Draw {
  readonly #stream: Stream;

  constructor(seed: string, name: string) {
    this.#stream = openStream(seed, name);
  }

  chance(probability: number): boolean {
    return this.#stream.uniform() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.#stream.below(values.length)]!;
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + this.#stream.below(to - from + 1);
  }

  real(from: number, to: number): number {
    return from + this.#stream.uniform() * (to - from);
  }

  /** Even over orders of magnitude: as many draws from 1 to 10 as from 10 to 100. */
  magnitude(from: number, to: number): number {
    return from * (to / from) ** this.#stream.uniform();
  }

  /** Positive shares of one, in random proportions. */
  shares(count: number): number[] {
    const weights = Array.from({ length: count }, () => this.magnitude(0.05, 1));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  }
}

/** Seconds as a scenario writes them, to the microsecond. */
export function micros(seconds: number): string {
  return `${Math.max(1, Math.round(seconds * 1e6))}us`;
}

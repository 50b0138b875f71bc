// What a scenario may ask chance for, as plain data, and what it gets. Draws nothing itself: distribution.ts
// does. All values are of one unit that only the reader of the specification knows: seconds, tokens, turns.

/** Always the same value. */
export interface ConstantSpec {
  readonly dist: "constant";
  readonly value: number;
}

/** The gap between independent events. */
export interface ExponentialSpec {
  readonly dist: "exponential";
  readonly mean: number;
}

/** `cv` is the standard deviation over the mean: 1 is exponential, above 1 bursty, below 1 regular. */
export interface GammaSpec {
  readonly dist: "gamma";
  readonly mean: number;
  readonly cv: number;
}

/** `shape` below 1 has a heavy tail, 1 is exponential. */
export interface WeibullSpec {
  readonly dist: "weibull";
  readonly mean: number;
  readonly shape: number;
}

/** `sigma` is the standard deviation of the logarithm; the place is given by exactly one of the other three. */
export interface LognormalSpec {
  readonly dist: "lognormal";
  readonly sigma: number;
  readonly mean?: number;
  readonly median?: number;
  /** Mean of the logarithm. */
  readonly mu?: number;
}

/** Pareto of type I. With `shape` up to 1 the mean is infinite. */
export interface ParetoSpec {
  readonly dist: "pareto";
  readonly minimum: number;
  readonly shape: number;
}

/** Ranks 1 to `count`, rank r with weight r^-exponent. */
export interface ZipfSpec {
  readonly dist: "zipf";
  readonly count: number;
  readonly exponent: number;
}

/** One of the listed values; equally likely unless weights say otherwise. */
export interface EmpiricalSpec {
  readonly dist: "empirical";
  readonly values: readonly number[];
  readonly weights?: readonly number[];
}

/** One of several distributions, chosen anew for every draw. */
export interface MixtureSpec {
  readonly dist: "mixture";
  readonly of: readonly MixtureComponent[];
}

type MixtureComponent = DistributionSpec & { readonly weight: number };

export type DistributionSpec =
  | ConstantSpec
  | ExponentialSpec
  | GammaSpec
  | WeibullSpec
  | LognormalSpec
  | ParetoSpec
  | ZipfSpec
  | EmpiricalSpec
  | MixtureSpec;

/** Those of times that a scenario states, in seconds. */
export type TimeSpec = ConstantSpec | ExponentialSpec | LognormalSpec;

/** A source of values in the unit of its specification. Drawing allocates nothing. */
export interface Distribution {
  /** The expected value, from the parameters; infinite where the distribution has none. */
  readonly mean: number;
  sample(): number;
}

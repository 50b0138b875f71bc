// Finds how far the rates of accounts must swing for a stream of requests to be as bursty as one that was measured: by
// trying, on streams of their own. Knows rates and counts, not requests.
import { type Duration, type Instant, MICROS_PER_SECOND, seconds } from "../../base/units.js";
import { createAccountArrivals } from "../../demand/traffic/rate/account-arrivals.js";
import { openStream } from "../../random/stream.js";
import { zipfWeights } from "../../random/zipf.js";

export interface SwingTarget {
  /** Requests per second, and seconds for which they were watched. */
  readonly rate: number;
  readonly span: number;
  /** Excess variance of the rate in windows of so many seconds. */
  readonly window: number;
  readonly eta: number;
  readonly accounts: { readonly count: number; readonly skew: number };
  readonly cv: number;
}

/** Azure's conversation trace of 2023. */
const TAU = 900;
const TRIES = 15;
const MOST_SIGMA = 3;
/** Nothing is gained from more requests, or from watching longer: eta does not change with the rate. */
const MOST_REQUESTS = 20_000;
const MOST_SPAN = 86_400;

export interface FittedSwing {
  readonly sigma: number;
  readonly tau: number;
  /** The median over the tries. */
  readonly eta: number;
}

export function fitSwing(target: SwingTarget): FittedSwing {
  let [low, high] = [0, MOST_SIGMA];
  const none = medianEta(target, 0);
  if (none >= target.eta) return { sigma: 0, tau: TAU, eta: none };
  for (let round = 0; round < 8; round++) {
    const middle = (low + high) / 2;
    if (medianEta(target, middle) < target.eta) low = middle;
    else high = middle;
  }
  const sigma = Math.round(((low + high) / 2) * 1000) / 1000;
  return { sigma, tau: TAU, eta: medianEta(target, sigma) };
}

function medianEta(target: SwingTarget, sigma: number): number {
  const found = Array.from({ length: TRIES }, (_, index) => etaOf(target, sigma, `fit-${index}`));
  return found.sort((one, other) => one - other)[(TRIES - 1) / 2]!;
}

function etaOf({ rate, span, window, accounts, cv }: SwingTarget, sigma: number, seed: string): number {
  const watched = Math.min(span, MOST_SPAN);
  const perSecond = Math.min(rate, MOST_REQUESTS / watched);
  const end = seconds(watched) as number as Instant;
  const counts = new Float64Array(Math.floor(watched / window));
  const weights = zipfWeights(accounts.count, accounts.skew);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const tau: Duration = seconds(TAU);
  for (const [rank, weight] of weights.entries()) {
    const spec = { shape: {}, swings: [{ sigma, tau }], cv };
    const stream = (purpose: string) => openStream(seed, `fit/${rank}/${purpose}`);
    const arrivals = createAccountArrivals(spec, (perSecond * weight) / total, stream, end);
    for (; arrivals.nextAt < end; arrivals.advance()) {
      const bin = Math.floor(arrivals.nextAt / (window * MICROS_PER_SECOND));
      if (bin < counts.length) counts[bin]!++;
    }
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return (squares / (counts.length - 1) - mean) / (mean * mean);
}

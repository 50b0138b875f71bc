// What GPUs cost by the hour where a scenario does not say: with a date, since such prices move. Sources: averages
// that marketplaces and clouds showed in 2026-09 and 2026-10 (tgarg01/silybench-data, read; renshuBTC/compute-screener,
// excerpt): H100 2.6 to 6.2, H200 3.5 to 6.3, B200 5.0 to 7.2 dollars. The figures here and the factors are ours.
import type { Market } from "./node-type.js";

export const GPU_PRICE_DATE = "2026-10";

/** Dollars per GPU-hour on demand. */
export const GPU_PRICES: Readonly<Record<string, number>> = { H100: 3.5, H200: 4.5, B200: 6.5 };

/** Of the price on demand: reserved for a year or so; spot, which may be taken away. */
const MARKET_FACTORS: Readonly<Record<Market, number>> = {
  "on-demand": 1,
  reserved: 0.7,
  spot: 0.5,
};

/** Undefined for a kind of GPU without a price here. */
export function gpuPrice(gpu: string | undefined, market: Market): number | undefined {
  const onDemand = gpu === undefined ? undefined : GPU_PRICES[gpu];
  // Prices are decimals: 4.5 * 0.7 is 3.15 and not 3.1499999999999995.
  return onDemand && Number((onDemand * MARKET_FACTORS[market]).toPrecision(12));
}

// How the rate of an account varies, as plain data, and the values that published traces suggest. Draws nothing.
import { type Duration, seconds } from "../../../base/units.js";
import type { Flash } from "./flash.js";
import type { OnOff } from "./on-off.js";
import type { ShapeSpec } from "./shape.js";
import type { Swing } from "./swings.js";

export interface RateSpec {
  readonly shape: ShapeSpec;
  /** Swings of the logarithm of the rate, which add up. */
  readonly swings: readonly Swing[];
  readonly onOff?: OnOff | undefined;
  /** Coefficient of variation of the gaps between arrivals, were the rate constant; 1 is Poisson. */
  readonly cv: number;
  readonly flash?: Flash | undefined;
}

/**
 * The slow one from ServeGen (correlation of the log rate after 10 min .85 to .97, standard deviation .7 to 1.3), the
 * fast one from the minutes of Azure's conversation trace of 2023.
 */
export const SWINGS: readonly Swing[] = [
  { sigma: 0.8, tau: seconds(5700) },
  { sigma: 0.6, tau: seconds(900) },
];

/**
 * Azure's conversation trace of 2023, eta .070, .052, .046 and .036 at 1, 10, 60 and 300 s: 160 accounts of Zipf
 * exponent 1.2 and gaps of cv 1.1 give .065, .049, .048 and .038, as medians of 400 runs as long as the trace.
 */
export const CONV_SWINGS: readonly Swing[] = [{ sigma: 0.9, tau: seconds(900) }];

/** Azure's coding trace of 2023, on for 23.0 s and off for 52.8 s on average, rounded. */
export const ON_OFF: OnOff = { on: seconds(25), off: seconds(55) };

/**
 * An assumption, sized after the largest changes of a whole fleet's rate in ServeGen (99 % are below a factor of 1.8 in
 * 10 min): about four in a day for the fleet, each of one of its accounts.
 */
export function flashOf(accounts: number): Flash {
  const sixHours = 6 * 3600;
  const every: Duration = seconds(sixHours * accounts);
  return { every, factorFrom: 4, factorTo: 10, median: seconds(300), sigma: 0.8 };
}

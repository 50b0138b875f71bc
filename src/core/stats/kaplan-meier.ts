// How long things last that are not all seen from their beginning to their end: the product-limit estimate (Kaplan and
// Meier, "Nonparametric estimation from incomplete observations", JASA 53, 1958), also with those that come under
// observation at an age above 0 (Tsai, Jewell and Wang, "A note on the product-limit estimator under left truncation
// and right censoring", Biometrika 74, 1987). Knows ages by their order only, not what lasts.

/**
 * What was seen at one age: that many came under observation, ended there, or left it without having ended. No whole
 * numbers where one stands for several, or for less than one.
 */
export interface SeenAtAge {
  readonly entered: number;
  readonly ended: number;
  readonly left: number;
}

export interface Lifetimes {
  /**
   * By age: S(age-) / Y(age), the share that gets that old over the number under observation then; 0 where there is
   * none. One thing seen at that age stands for so much of everything that ever begins. So the sum over those that
   * ended is the share that ends, and the sum over amounts as they come up is their mean per beginning, up to the
   * oldest age seen (Lin, Feuer, Etzioni and Wax, "Estimating medical costs from incomplete follow-up data",
   * Biometrics 53, 1997, with an interval for every age; Bang and Tsiatis, Biometrika 87, 2000).
   */
  readonly weights: Float64Array;
  /** The share that gets older than anything that was seen: what is not known of. */
  readonly open: number;
}

/**
 * From the youngest age to the oldest. At one age all enter before any end, and end before any leave. From an age on at
 * which none is under observation, nothing is known.
 */
export function kaplanMeier(seen: readonly SeenAtAge[]): Lifetimes {
  const weights = new Float64Array(seen.length);
  let all = 0;
  let atRisk = 0;
  let alive = 1;
  let hasBegun = false;
  for (const [age, { entered, ended, left }] of seen.entries()) {
    if (hasBegun && atRisk === 0) break;
    all += entered;
    atRisk += entered;
    if (atRisk === 0) continue;
    hasBegun = true;
    weights[age] = alive / atRisk;
    const surviving = orNone(atRisk - ended, all);
    alive *= surviving / atRisk;
    atRisk = orNone(surviving - left, all);
  }
  return { weights, open: alive };
}

/** What rounding leaves of none where counts are no whole numbers. */
function orNone(count: number, all: number): number {
  return count > 1e-12 * all ? count : 0;
}

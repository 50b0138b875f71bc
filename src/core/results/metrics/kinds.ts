// The kinds of metric that a threshold can be about, the aggregations that make sense of each, and the operators. A
// list of metrics has them in this order. Knows grammar only.

export const AGGREGATIONS = ["avg", "min", "med", "max", "p", "rate", "count", "value"] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export const OPERATORS = ["<=", ">=", "==", "!=", "<", ">"] as const;
export type Operator = (typeof OPERATORS)[number];

export interface KindSpec {
  /** What messages call it. */
  readonly word: string;
  readonly aggregations: readonly Aggregation[];
  /** How it is summed up where nothing is said, as a threshold writes it. */
  readonly usual: string;
  /** Whether a value is a quotient: then its samples are weighed by what it was divided by. */
  readonly isQuotient: boolean;
}

export const METRIC_KINDS = {
  /** A share of attempts, requests or sessions. */
  rate: { word: "rate", aggregations: ["rate"], usual: "rate", isQuotient: true },
  /** A quotient that is no share. */
  ratio: { word: "value", aggregations: ["value"], usual: "value", isQuotient: true },
  /** Many measured values, of which any percentile can be asked. */
  trend: {
    word: "trend",
    aggregations: ["avg", "min", "med", "max", "p", "count"],
    usual: "p(50)",
    isQuotient: false,
  },
  counter: { word: "counter", aggregations: ["count"], usual: "count", isQuotient: false },
  value: { word: "value", aggregations: ["value"], usual: "value", isQuotient: false },
} as const satisfies Readonly<Record<string, KindSpec>>;

export type MetricKind = keyof typeof METRIC_KINDS;

export function kindSpec(kind: MetricKind): KindSpec {
  return METRIC_KINDS[kind];
}

/** How an aggregation is written: `p` takes a number. */
export function aggregationText(aggregation: Aggregation): string {
  return aggregation === "p" ? "p(N)" : aggregation;
}

/** Whether a threshold with this operator allows what is small, and not what is large. */
export const isBoundAbove = (operator: Operator): boolean => operator === "<" || operator === "<=";

/** Whether it asserts what was observed: no interval shows it. */
export const isEquality = (operator: Operator): boolean => operator === "==" || operator === "!=";

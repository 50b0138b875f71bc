// Reads a threshold in k6's grammar. Knows words and numbers, not results: evaluate.ts judges.
//
//   metric      = name [ "{" tag ":" value { "," tag ":" value } "}" ]
//                                                            overloaded_rate{tier:standard,per:attempt}
//   tag         = "tier" | "source" | "account"              one at most: a metric of sessions takes a source
//               | "per"                                      of what a rate is a share: "attempt" | "request"
//   expression  = aggregation operator bound                 p(99) < 2.5s
//   aggregation = "avg" | "min" | "med" | "max" | "rate" | "count" | "value" | "p(" number ")"
//   operator    = "<" | "<=" | ">" | ">=" | "==" | "!="
//   bound       = number [ "%" | "us" | "ms" | "s" | "k" | "M" ]
//
// Spaces may stand between any two of these. `%` suits rates, `us ms s` suit times, `k M` suit everything
// else.

import { nearest } from "../../base/nearest.js";
import { type Asked, type Per, rangeOf, unitOf } from "../metrics/asks.js";
import {
  AGGREGATIONS,
  type Aggregation,
  aggregationText,
  kindSpec,
  type Operator,
} from "../metrics/kinds.js";
import { type Metric, type MetricName, metricNamed, unknownMetric } from "../metrics/metrics.js";
import { ALL_OF_IT, ALL_TIERS, SLICE_TAGS, type Sliced, type SliceTag, tagsOf } from "../metrics/sliced.js";
import { type MetricUnit, unitSpec } from "../metrics/units.js";

export { ALL_TIERS };
/** The row of requests that no path takes: listed only when there were any. */
export const UNROUTED = "unrouted";

const PER = "per";

/** What a threshold is about: tags that a metric does not have are `all`. */
export interface Subject extends Asked {
  readonly metric: MetricName;
}

export interface Threshold extends Subject {
  /** Whether it leaves open of what its rate is a share though it could be of either; then it is of attempts. */
  readonly isPerOpen: boolean;
  readonly operator: Operator;
  /** In the metric's own unit: a share of one, seconds, tokens per second, dollars, or a count. */
  readonly bound: number;
}

/** A threshold of a scenario: as it is written, selector included, and what that means. */
export interface StatedThreshold {
  readonly metric: string;
  readonly expression: string;
  /** Whether a metric without a single sample passes. */
  readonly allowNoData: boolean;
  readonly parsed: Threshold;
}

type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

const parsed = <Value>(value: Value): Parsed<Value> => ({ ok: true, value });
const problem = (text: string): Parsed<never> => ({ ok: false, problem: text });

// Of texts without blanks around them.
const METRIC = /^([^{}\s]+)\s*(?:\{([^{}]*)\})?$/;
const TAG = /^([^:{}]*):([^{}]*)$/;
const EXPRESSION = /^([A-Za-z]+)\s*(?:\(([^()]*)\)\s*)?(<=|>=|==|!=|<|>)\s*(\S.*)$/;
const BOUND = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(%|[A-Za-z]*)$/;

/** What a selector may name besides `all`, and of tiers `unrouted`; undefined where anything will do. */
export interface KnownNames {
  readonly tiers?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  /** Why no account can have that name, in a sentence; accounts are too many for a list. */
  readonly accountProblem?: ((account: string) => string | undefined) | undefined;
}

/**
 * Reads one threshold. What the scenario is known to have a selector must then name. A problem says what is wrong in a
 * sentence, without the place.
 */
export function parseThreshold(
  metric: string,
  expression: string,
  known: KnownNames = {},
): Parsed<Threshold> {
  const selector = parseSelector(metric, known);
  if (!selector.ok) return selector;
  const { spec, isPerOpen, tier, source, account, per } = selector.value;
  const parts = EXPRESSION.exec(expression.trim());
  if (parts === null) return problem(malformed(expression));
  const [, word = "", argument, operator = "", boundText = ""] = parts;
  const aggregation = parseAggregation(word, argument?.trim(), spec);
  if (!aggregation.ok) return aggregation;
  const unit = unitOf(spec, aggregation.value.aggregation);
  const bound = parseBound(boundText, unit);
  if (!bound.ok) return bound;
  const beyond = beyondRange(bound.value, boundText, unit, spec);
  if (beyond !== undefined) return problem(`"${expression.trim()}" can only go one way: ${beyond}`);
  return parsed({
    metric: spec.name,
    tier,
    source,
    account,
    per,
    isPerOpen,
    ...aggregation.value,
    operator: operator as Operator,
    bound: bound.value,
  });
}

interface Selector extends Sliced {
  readonly spec: Metric;
  readonly isPerOpen: boolean;
  readonly per: Per | null;
}

function parseSelector(metric: string, known: KnownNames): Parsed<Selector> {
  const parts = METRIC.exec(metric.trim());
  const [, name = "", inBraces] = parts ?? [];
  const tags = inBraces === undefined ? [] : inBraces.split(",").map((text) => TAG.exec(text.trim()));
  if (parts === null || tags.includes(null))
    return problem(`"${metric}" is not a metric; write it as in overloaded_rate{tier:standard}`);
  const spec = metricNamed(name);
  if (spec === undefined) return problem(unknownMetric(name));
  let selector: Selector = {
    spec,
    ...ALL_OF_IT,
    per: spec.isOfEither ? "attempt" : null,
    isPerOpen: spec.isOfEither,
  };
  const seen = new Set<string>();
  for (const [, tag = "", value = ""] of tags.map((tag) => (tag ?? []).map((text) => text.trim()))) {
    if (seen.has(tag)) return problem(`the tag "${tag}" is written twice`);
    seen.add(tag);
    const wrong = tag === PER ? wrongPer(spec, value) : wrongSubject(spec, tag, value, known);
    if (wrong !== undefined) return problem(wrong);
    const slices = SLICE_TAGS.filter((one) => seen.has(one));
    if (slices.length > 1) return problem(crossed(slices));
    selector = { ...selector, [tag]: value, isPerOpen: selector.isPerOpen && tag !== PER };
  }
  return parsed(selector);
}

function wrongPer({ name, isOfEither }: Metric, value: string): string | undefined {
  if (!isOfEither) return `${name} takes no tag "per": it can only be of one thing`;
  if (value === "attempt" || value === "request") return undefined;
  return `"per" is attempt or request, not "${value}"`;
}

function wrongSubject(
  { name, of, isOfEither }: Metric,
  tag: string,
  value: string,
  known: KnownNames,
): string | undefined {
  const tags = tagsOf(of);
  if (tags.length === 0) return `${name} is of the whole run and takes no tag`;
  const found = tags.find((one) => one === tag);
  if (found === undefined) {
    const those = tags.length === 1 ? `the only tag of a metric of ${of} is` : "the tags are";
    const also = isOfEither ? ' besides "per"' : "";
    return `unknown tag "${tag}"; ${those} ${tags.map((one) => `"${one}"`).join(", ")}${also}`;
  }
  if (value === "") return `the tag "${tag}" needs a value, as in ${name}{${tag}:${EXAMPLE_OF[found]}}`;
  return value === ALL_TIERS ? undefined : unknownValue(found, value, known);
}

const EXAMPLE_OF = { tier: "standard", source: "agents", account: "agents-1" } as const;

/** Of two tags in one selector. */
function crossed([one, other]: readonly SliceTag[]): string {
  const why = "a metric is asked by tier, by source or by account, marginals only";
  return `"${one}" and "${other}" cannot be combined: ${why}`;
}

function unknownValue(
  tag: SliceTag,
  value: string,
  { tiers, sources, accountProblem }: KnownNames,
): string | undefined {
  if (tag === "account") return accountProblem?.(value);
  const names = tag === "tier" ? tiers : sources;
  if (names === undefined || names.includes(value) || (tag === "tier" && value === UNROUTED))
    return undefined;
  const near = nearest(value, names);
  const hint = near === undefined ? `the ${tag}s are ${names.join(", ")}` : `did you mean "${near}"?`;
  return `unknown ${tag} "${value}"; ${hint}`;
}

function malformed(expression: string): string {
  if (/[^<>=!]=[^=]/.test(expression)) return `"${expression}" compares with "="; did you mean "=="?`;
  return `"${expression}" is not a threshold; write aggregation, operator and number, as in p(99)<2.5s`;
}

interface AggregationCall {
  readonly aggregation: Aggregation;
  readonly percentile: number | null;
}

function parseAggregation(word: string, argument: string | undefined, spec: Metric): Parsed<AggregationCall> {
  const { word: kind, aggregations: allowed } = kindSpec(spec.kind);
  const choices = allowed.map(aggregationText).join(", ");
  const aggregation = AGGREGATIONS.find((known) => known === word);
  if (aggregation === undefined) {
    const near = /^p\d+$/.test(word) ? `p(${word.slice(1)})` : nearest(word, allowed);
    const hint = near === undefined ? `${spec.name} takes ${choices}` : `did you mean "${near}"?`;
    return problem(`unknown aggregation "${word}"; ${hint}`);
  }
  if (!allowed.includes(aggregation)) {
    return problem(`${spec.name} is a ${kind} and takes ${choices}, not ${aggregationText(aggregation)}`);
  }
  if (aggregation !== "p") {
    if (argument !== undefined) return problem(`${aggregation} takes no number in brackets`);
    return parsed({ aggregation, percentile: null });
  }
  const percentile = argument === undefined || argument === "" ? Number.NaN : Number(argument);
  if (!(percentile >= 0 && percentile <= 100))
    return problem("p(N) needs a number from 0 to 100, as in p(99)");
  return parsed({ aggregation, percentile });
}

/** Why every value of the unit is on one side of the bound; undefined where that depends on the value. */
function beyondRange(bound: number, text: string, unit: MetricUnit, spec: Metric): string | undefined {
  const { name: ofUnit, range, suffixes } = unitSpec(unit);
  const [least] = range;
  // An index ends at 1 though other ratios do not; how many values there are has no end.
  const most = unit === spec.unit ? rangeOf(spec)[1] : range[1];
  const name = most < range[1] ? spec.name : ofUnit;
  if (bound >= least && bound <= most) return undefined;
  if (most === Number.POSITIVE_INFINITY) return `${name} is never below ${least}`;
  const isPercentage = "%" in suffixes && bound > most && !text.includes("%");
  const hint = isPercentage ? `, write ${text}% for a percentage` : "";
  return `${name} is from ${least} to ${most}${hint}`;
}

function parseBound(text: string, unit: MetricUnit): Parsed<number> {
  const parts = BOUND.exec(text);
  if (parts === null) return problem(`"${text}" is not a number`);
  const [, digits = "", suffix = ""] = parts;
  const value = Number(digits);
  if (!Number.isFinite(value)) return problem(`"${text}" is too large`);
  if (suffix === "") return parsed(value);
  const { suffixes } = unitSpec(unit);
  const factor = suffixes[suffix];
  if (factor === undefined) {
    const known = Object.keys(suffixes);
    const hint =
      known.length === 0 ? "write a bare number" : `a bare number, ${known.join(" or ")} fits here`;
    return problem(`the unit "${suffix}" in "${text}" does not fit; ${hint}`);
  }
  // Division by the inverse keeps 0.1% at 0.001 exactly, where multiplying by 0.01 would not.
  return parsed(factor < 1 ? value / Math.round(1 / factor) : value * factor);
}

// What a plan without an answer says of the thresholds that it left undecided: a line each, with what is known of it
// and what would tell.
import { choices } from "../../document/words.js";
import { INTERVAL_METHODS, methodText } from "../../results/shape/interval-method.js";
import type { OpenThreshold, PlanResult, Teller } from "./plan-result.js";

const TELLERS: Readonly<Record<Teller, string>> = {
  "lower range": "a range that begins lower",
  "higher range": "a range that ends higher",
  "worst run": "what a bad run loses at most (check: { worstRun: 10% })",
  replications: "more replications (--most)",
};

export function openLines({ open, range }: Pick<PlanResult, "open" | "range">): string[] {
  const keys = range.map(({ path }) => path).join(" and ");
  return open.map((one) => {
    const said = [...facts(one, keys), ...advice(one)].join("; ");
    return `undecided: ${one.metric} ${one.expression}: ${said}`;
  });
}

function facts({ method, isMoved, isSeen }: OpenThreshold, keys: string): string[] {
  return [
    ...(isMoved ? [] : [`${keys} does not change it`]),
    ...(isSeen ? [] : ["not one event of it was seen at any value"]),
    ...(INTERVAL_METHODS[method].isInterval ? [] : [methodText(method)]),
  ];
}

/** Only more runs are sure to tell. */
function advice({ tellers }: OpenThreshold): string[] {
  const texts = tellers.map((teller) => TELLERS[teller]);
  if (texts.length === 0) return [];
  const would = tellers.every((teller) => teller === "replications") ? "would" : "may";
  return [`${choices(texts)} ${would} tell`];
}

// What a plan says of the order that its search rests on: which values are better and how that is known, what seemed to
// break it, and that it decides nothing where it is broken.
import * as format from "../../report/text/format.js";
import type { OrderBasis, PlanPoint, PlanResult } from "./plan-result.js";
import { seemsMet } from "./probe.js";

/** Whether nothing can be searched, however often it is run. */
export function isUndecided({ order }: Pick<PlanResult, "order">): boolean {
  return (
    order !== null && (order.isBroken || order.better === null) && order.surveyed + order.compared.length > 0
  );
}

/** Without its first words. */
export function undecidedLine({ order, range, confidence, partial }: PlanResult): string {
  const { path, from, to } = range[0]!;
  const { isBroken, compared, basis } = order!;
  const where = `${path}=${from}..${to}`;
  if (partial) return `${where} was not seen to its end`;
  const sure = `with ${format.percent(confidence)} confidence`;
  if (isBroken) {
    return `${where} is not monotone: ${brokenBy(compared)}, ${sure}; no search along it decides`;
  }
  if (basis === "opposed") {
    const ends = `some thresholds are better met at the low end of ${where} and some at the high one`;
    return `${ends}, ${sure}, and all of them at neither; what meets all, if anything does, lies between`;
  }
  const same = `the ends of ${where} do not differ in what the thresholds are about, nor in what is shed`;
  return `${same}, ${sure}; say which values are better (--better)`;
}

const textOf = (point: PlanPoint) => point.values[0]!.text;

/** `the thresholds are met at 3 and 9 and not at 6`. */
function brokenBy(compared: readonly PlanPoint[]): string {
  const list = (points: readonly PlanPoint[]) => points.map(textOf).join(" and ");
  const met = compared.filter(isMet);
  const unmet = compared.filter((point) => !isMet(point));
  const isSure =
    met.every(({ verdict }) => verdict === "pass") && unmet.every(({ verdict }) => verdict === "fail");
  const places = `at ${list(met)} and not at ${list(unmet)}`;
  return isSure
    ? `the thresholds are met ${places}`
    : `the thresholds seem met ${places}, and differ more than by chance`;
}

const isMet = ({ verdict, thresholds }: PlanPoint) => verdict !== "fail" && thresholds.every(seemsMet);

const KNOWN_BY: Readonly<Record<OrderBasis, string>> = {
  told: "as was told",
  "thresholds-met": "only that end of the range meets the thresholds",
  thresholds: "thresholds are better met at that end of the range",
  "shed-rate": "less is shed at that end of the range",
  opposed: "thresholds are better at different ends",
  nothing: "nothing tells",
};

/** How exact an answer is, which values are better, and what came of what seemed to break the order. */
export function orderLines({ order, range, answer, kind, spare }: PlanResult): string[] {
  if (order === null) return [];
  const { better, basis, surveyed, compared, isBroken } = order;
  const lines: string[] = [];
  if (spare !== null) {
    const more = format.count(spare.replicas);
    lines.push(
      `spare: every value was tried with ${more} more in ${spare.pool}, and ${more} out for the whole run`,
    );
  }
  if (basis !== "told" && better !== null) {
    const which = kind === "greatest" ? "greatest" : "least";
    lines.push(`${better} values are better, so the ${which} is sought: ${KNOWN_BY[basis]}`);
  }
  const { step } = range[0]!;
  if (answer !== null && step !== "1") lines.push(`in steps of ${step}`);
  if (surveyed > 1) {
    const parts = format.percent(1 / (surveyed - 1), 2);
    lines.push(
      `${surveyed} values were tried first; what breaks the order within ${parts} of the range may be missed`,
    );
  }
  if (compared.length > 0 && !isBroken) {
    const places = compared.map(textOf).join(" and ");
    lines.push(`${places} seemed not to be in order; tried again on equal seeds, that was not shown`);
  }
  return lines;
}

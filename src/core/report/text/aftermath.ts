// Retries, sessions and recovery, as lines of the report: what retries added and wasted, how sessions went, and whether
// goodput came back after a trigger. Each block is left out where there is nothing to report.
import { REASONS } from "../../base/outcome.js";
import type { Recovery } from "../../results/metrics/recovery.js";
import type { SessionResult } from "../../results/metrics/sessions.js";
import type { TierResult } from "../../results/metrics/tier.js";
import type { RunResult } from "../../results/shape/result.js";
import * as format from "./format.js";
import type { Style } from "./style.js";
import { leftAligned, widest } from "./width.js";

const INDENT = "  ";
/** Fewer retries and less waste than these are what the headline and the table tell of already. */
const FEWEST_ATTEMPTS_EACH = 1.1;
const LEAST_WASTE = 0.01;

export function retryBlock({ tiers }: RunResult, { bold }: Style): string[] {
  const told = tiers.filter(isWorthTelling);
  if (told.length === 0) return [];
  const name = widest(told.map(({ tier }) => tier));
  return [
    `${bold("RETRIES")}  attempts a request, and what they cost`,
    ...told.map((tier) => `${INDENT}${leftAligned(tier.tier, name)}${INDENT}${retryWords(tier).join("; ")}`),
  ];
}

function isWorthTelling(tier: TierResult): boolean {
  if (tier.hedges > 0 || tier.clientRejected > 0) return true;
  return (tier.amplification ?? 1) >= FEWEST_ATTEMPTS_EACH || wastedShare(tier) >= LEAST_WASTE;
}

/** Of all tokens that were computed or generated, as far as completed attempts tell. */
function wastedShare(tier: TierResult): number {
  const wasted = tier.wastedPrefillTokens + tier.wastedDecodeTokens;
  const useful = tier.inputTokens - tier.cachedTokens + tier.outputTokens;
  return wasted === 0 ? 0 : wasted / (wasted + useful);
}

function retryWords(tier: TierResult): string[] {
  const { amplification, retries, hedges, clientRejected, giveUpRate } = tier;
  const causes = REASONS.filter(({ name }) => (retries[name] ?? 0) > 0).map(
    ({ name }) => `${format.count(retries[name] ?? 0)} ${name}`,
  );
  const { wastedPrefillTokens, wastedDecodeTokens } = tier;
  const wasted = [
    ...(wastedPrefillTokens > 0 ? [`${format.short(wastedPrefillTokens)} prompt`] : []),
    ...(wastedDecodeTokens > 0 ? [`${format.short(wastedDecodeTokens)} output`] : []),
  ];
  return [
    ...(amplification === null ? [] : [`${format.number(amplification)} each`]),
    ...(causes.length === 0 ? [] : [`after ${causes.join(", ")}`]),
    ...(hedges > 0 ? [`${format.count(hedges)} hedges`] : []),
    ...(clientRejected > 0 ? [`${format.count(clientRejected)} rejected locally`] : []),
    ...(giveUpRate !== null && giveUpRate > 0 ? [`${format.percent(giveUpRate)} given up`] : []),
    ...(wasted.length === 0 ? [] : [`wasted ${wasted.join(" + ")} tokens`]),
  ];
}

export function sessionBlock({ sessions }: RunResult, { bold }: Style): string[] {
  if (sessions.length === 0) return [];
  const name = widest(sessions.map(({ source }) => source));
  return [
    `${bold("SESSIONS")}  that began in the measured window`,
    ...sessions.map(
      (one) => `${INDENT}${leftAligned(one.source, name)}${INDENT}${sessionWords(one).join(", ")}`,
    ),
  ];
}

function sessionWords(session: SessionResult): string[] {
  const { started, finished, abandoned, open, duration, requests, costPerFinished, abandonRate } = session;
  const share = abandonRate !== null && abandonRate > 0 ? ` (${format.percent(abandonRate)})` : "";
  return [
    `${format.count(started)} started`,
    `${format.count(finished)} finished`,
    ...(abandoned > 0 ? [`${format.count(abandoned)} abandoned${share}`] : []),
    ...(open > 0 ? [`${format.count(open)} open`] : []),
    ...(duration.p50 === null ? [] : [`p50 ${format.span(duration.p50)}`]),
    ...(duration.p95 === null ? [] : [`p95 ${format.span(duration.p95)}`]),
    ...(requests.mean === null ? [] : [`${format.number(requests.mean)} requests each`]),
    ...(costPerFinished === null ? [] : [`${format.dollars(costPerFinished)} per finished one`]),
  ];
}

export function recoveryBlock({ recovery, replications }: RunResult, style: Style): string[] {
  if (recovery === null) return [];
  const { trigger, goodputBefore, goodputDuring, goodputAfter } = recovery;
  const rate = (perSecond: number | null) => (perSecond === null ? "?" : format.rate(perSecond));
  const when = `trigger from ${format.span(trigger.from)} to ${format.span(trigger.until)}`;
  const goodput = `goodput ${rate(goodputBefore)} before, ${rate(goodputDuring)} during, ${rate(goodputAfter)} after`;
  const worst = replications.length > 1 ? ", means, and the worst verdict of all replications" : "";
  return [
    `${style.bold("RECOVERY")}  ${when}${worst}`,
    `${INDENT}${goodput}: ${verdictWords(recovery, style)}`,
  ];
}

function verdictWords({ verdict, recoveryTime, share }: Recovery, style: Style): string {
  if (verdict === "unknown") return style.warn("too short a run to tell: run longer");
  if (verdict === "recovering") return style.warn("on its way back when the run ended: run longer");
  if (verdict === "stuck") return style.bad(`stuck, never back at ${format.percent(share)} of before`);
  return style.good(
    recoveryTime === 0 ? "recovered at once" : `recovered after ${format.span(recoveryTime ?? 0)}`,
  );
}

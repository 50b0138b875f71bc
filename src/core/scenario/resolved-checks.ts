// What can only be judged once presets and defaults are filled in: limits under which no request could ever pass, and
// thresholds that mean one thing or another because callers may send more than one attempt for a request.

import { mayRetry } from "../demand/clients/registry.js";
import type { Report } from "../document/raw.js";
import { checkResolvedLimits } from "./limit-checks.js";
import type { Scenario } from "./schema.js";

/** Reports what makes a scenario pointless though every key of it is valid. */
export function checkResolved(scenario: Scenario, report: Report): void {
  checkThresholdsNamePer(scenario, report);
  for (const [name, source] of Object.entries(scenario.traffic)) {
    if (source.kind !== "process" || source.prefix === undefined) continue;
    const { maxInput, prefix } = source;
    if (prefix.tokens < maxInput) continue;
    const message = `leaves no room for the prompt itself: maxInput is ${maxInput}`;
    report(["traffic", name, "prefix", "tokens"], message);
  }
  checkResolvedLimits(scenario, report);
}

type Source = Scenario["traffic"][string];

/** Where one request can be several attempts, a rate of refusals must say of which of the two it is a share. */
function checkThresholdsNamePer({ thresholds, traffic }: Scenario, report: Report): void {
  const retrying = Object.entries(traffic).find(([, source]) => sendsMoreThanOnce(source));
  if (retrying === undefined) return;
  for (const [metric, stated] of Object.entries(thresholds)) {
    if (!stated.some(({ parsed }) => parsed.isPerOpen)) continue;
    const [name = "", tags = ""] = metric.split(/[{}]/);
    const written = (per: string) => `${name}{${tags === "" ? "" : `${tags},`}per:${per}}`;
    const message = `the clients of ${retrying[0]} may send several attempts for a request: a share of which?`;
    const hint = `write ${written("attempt")} or ${written("request")}`;
    report(["thresholds", metric], message, { hint, at: "key" });
  }
}

function sendsMoreThanOnce({ client, fallback }: Source): boolean {
  const retries = client.some((one) => {
    if (one.hedgeAfter !== undefined) return true;
    // Of one of the user's own it is not known before.
    if (one.maxRetries === 0 || "module" in one) return one.maxRetries !== 0;
    return mayRetry(one.stack ?? [one.preset!]);
  });
  return retries || fallback.length > 0;
}

// What can only be judged once presets and defaults are filled in: limits under which no request could ever pass.
import type { Report } from "./raw.js";
import type { Scenario } from "./schema.js";

/** Reports what makes a scenario pointless though every key of it is valid. */
export function checkResolved({ limits, traffic }: Scenario, report: Report): void {
  for (const [name, source] of Object.entries(traffic)) {
    if (source.kind !== "process" || source.prefix === undefined) continue;
    const { maxInput, prefix } = source;
    if (prefix.tokens < maxInput) continue;
    const message = `leaves no room for the prompt itself: maxInput is ${maxInput}`;
    report(["traffic", name, "prefix", "tokens"], message);
  }
  const burst = limits?.generatedTokens?.burst;
  if (limits === undefined || burst === undefined) return;
  const because = `more than the burst of generatedTokens (${burst}) ever holds: every request would get a 429`;
  if (limits.outputAccounting === "reserve-expected" && (limits.expectedOutput ?? 0) > burst) {
    report(
      ["limits", "expectedOutput"],
      `reserve-expected charges ${limits.expectedOutput} at once, ${because}`,
    );
  }
  if (limits.outputAccounting !== "reserve-max") return;
  for (const [name, { maxOutput }] of Object.entries(traffic)) {
    if (maxOutput <= burst) continue;
    report(["traffic", name, "maxOutput"], `reserve-max charges ${maxOutput} at once, ${because}`);
  }
}

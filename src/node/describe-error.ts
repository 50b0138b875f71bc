// What an error looks like to the person who caused it: one line per issue, every issue at once.
import { formatIssue, type SurgefleetError } from "../core/index.js";

/** Lines end in LF, the last one too. */
export function describeError(error: SurgefleetError): string {
  if (error.issues.length === 0) return `error: ${error.message}\n`;
  return `${error.issues.map(formatIssue).join("\n")}\n`;
}

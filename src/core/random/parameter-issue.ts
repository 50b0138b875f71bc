// How this folder tells a caller about a bad parameter. A parameter has a path inside its specification but
// no file: the caller that read the specification from one knows that place and adds it.
import { type Issue, SurgefleetError } from "../base/errors.js";

export function parameterIssue(path: string, message: string, hint?: string): Issue {
  const issue = { file: "parameters", line: 0, column: 0, path, message };
  return hint === undefined ? issue : { ...issue, hint };
}

/** Throws INVALID_PARAMETER with all issues at once; does nothing when there are none. */
export function rejectIssues(what: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw new SurgefleetError("INVALID_PARAMETER", `invalid ${what}`, issues);
}

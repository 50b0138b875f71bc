// What a caller can do wrong, as data: an issue names the place, what is wrong and what was meant.
// The throwable only wraps issues, so that all problems of an input are told at once.

export type ErrorCode =
  | "INVALID_SCENARIO"
  | "INVALID_TRACE"
  | "INVALID_PROFILE"
  | "INVALID_STEP_LOG"
  | "BAD_FIT"
  | "INVALID_PARAMETER"
  | "NOT_FOUND"
  /** Code of a user's own threw, or returned what it may not. */
  | "CODE_FAILED"
  | "USAGE";

/** One problem in one place. Lines and columns count from 1; 0 means "the whole file". */
export interface Issue {
  /** File, or the flag or variable that brought the value in. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path inside the document, empty at the root. */
  readonly path: string;
  readonly message: string;
  /** What was probably meant. */
  readonly hint?: string;
}

/**
 * What a caller can be told about: `code` says of what kind it is, and `issues` has every problem with its place, where
 * there is one to name.
 */
export class SurgefleetError extends Error {
  override readonly name = "SurgefleetError";
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];

  constructor(code: ErrorCode, message: string, issues: readonly Issue[] = []) {
    super(issues.length === 0 ? message : `${message}\n${issues.map(formatIssue).join("\n")}`);
    this.code = code;
    this.issues = issues;
  }
}

/** One line for an issue: `fleet.yaml:5:3 pools.shared: unknown key "maxQeue" (did you mean "maxQueue"?)` */
export function formatIssue(issue: Issue): string {
  const place = issue.line > 0 ? `${issue.file}:${issue.line}:${issue.column}` : issue.file;
  const isWholeFile = issue.line === 0 && issue.path === "";
  const path = issue.path === "" ? (isWholeFile ? ":" : "") : ` ${issue.path}:`;
  const hint = issue.hint === undefined ? "" : ` (${issue.hint})`;
  return `${place}${path} ${issue.message}${hint}`;
}

// What an error looks like to the person who caused it: one line per issue, lists below it, every issue at once.
import { formatIssue, type Issue, type SurgefleetError } from "../core/index.js";
import { visible } from "../core/internal.js";

/**
 * What the system said about a file or a pipe where no command could say it better; undefined for an error of another
 * kind, and for one that only a mistake of ours causes.
 */
export function describeSystemError(error: unknown): string | undefined {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || OURS.includes(code)) return undefined;
  return `error: ${message}\n`;
}

const OURS = ["EBADF", "EFAULT", "EINVAL"];

/** Lines end in LF, the last one too. */
export function describeError(error: SurgefleetError): string {
  if (error.issues.length === 0) return `error: ${error.message}\n`;
  return `${error.issues.map(visibleIssue).join("\n")}\n`;
}

/** Starts an entry of a list in a message of ours: no entry reads like an issue of its own. */
const ENTRY = "\n  ";

/** An issue as it may be printed. Only a message has lines: names of files, paths and hints show theirs escaped. */
export function visibleIssue(issue: Issue): string {
  const [first = "", ...entries] = issue.message.split(ENTRY).map(visible);
  const { hint, ...rest } = issue;
  const head = visible(formatIssue({ ...rest, message: first }));
  const tail = hint === undefined ? "" : ` (${visible(hint)})`;
  return `${[head, ...entries].join(ENTRY)}${tail}`;
}

// Gathers the problems of one trace up to a limit, so that all are told at once and a hopeless file is soon
// left. It does not know what a trace is.
import { type Issue, SurgefleetError } from "../base/errors.js";

export class Complaints {
  readonly #file: string;
  readonly #limit: number;
  readonly #issues: Issue[] = [];
  #overflowed = false;

  constructor(file: string, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  get none(): boolean {
    return this.#issues.length === 0;
  }

  /** True once there were more problems than the limit: reading on has no use. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  add(line: number, column: number, path: string, message: string, hint?: string): void {
    const issue = { file: this.#file, line, column, path, message };
    this.#take(hint === undefined ? issue : { ...issue, hint });
  }

  /** Takes over the issues of an error about the same file. */
  adopt(error: SurgefleetError): void {
    for (const issue of error.issues) this.#take(issue);
  }

  error(): SurgefleetError {
    const more = this.#overflowed ? `; these are the first ${this.#limit} problems, and there are more` : "";
    return new SurgefleetError("INVALID_TRACE", `${this.#file} is not a valid trace${more}`, this.#issues);
  }

  #take(issue: Issue): void {
    if (this.#issues.length < this.#limit) this.#issues.push(issue);
    else this.#overflowed = true;
  }
}

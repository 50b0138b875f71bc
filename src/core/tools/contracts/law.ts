// A law that everything of a kind must keep to, as data: tests run it over every definition there is, and `policy test`
// over one of a user's own.

export interface Law {
  /** What it says, without "must". */
  readonly name: string;
  /** Throws what breaks it, with a counterexample. The same every time. */
  check(): void;
}

/** Laws about one thing, by what they say. */
export type Laws<Subject> = Readonly<Record<string, (subject: Subject) => void>>;

export function lawsOf<Subject>(laws: Laws<Subject>, subject: Subject): Law[] {
  return Object.entries(laws).map(([name, check]) => ({ name, check: () => check(subject) }));
}

/** Throws where it is not so; `otherwise` says what is instead. */
export function hold(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

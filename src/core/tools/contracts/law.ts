// A law that everything of a kind must keep to, as data: tests run it over every definition there is, and `policy test`
// over one of a user's own.
import fc from "fast-check";

export interface Law<Subject> {
  /** What it says. */
  readonly text: string;
  /** Left out: of every one of its kind. */
  readonly isFor?: (subject: Subject) => boolean;
  /** Throws what breaks it, with a counterexample, the same every time. `runs`: drawn histories that it is tried on. */
  readonly hold: (subject: Subject, runs: number) => void;
}

const SEED = 1;

/** A law of what a property says. */
export function law<Subject, Values>(
  text: string,
  property: (subject: Subject) => fc.IProperty<Values>,
  isFor?: (subject: Subject) => boolean,
): Law<Subject> {
  const hold = (subject: Subject, runs: number) =>
    fc.assert(property(subject), { seed: SEED, numRuns: runs });
  return { text, hold, ...(isFor !== undefined && { isFor }) };
}

/** A law of one case: `problem` says what is wrong, or nothing. */
export function caseLaw<Subject>(
  text: string,
  problem: (subject: Subject) => string | undefined,
): Law<Subject> {
  const hold = (subject: Subject) => {
    const found = problem(subject);
    if (found !== undefined) throw new Error(found);
  };
  return { text, hold };
}

/** Those that are about this one. */
export function lawsFor<Subject>(laws: readonly Law<Subject>[], subject: Subject): Law<Subject>[] {
  return laws.filter(({ isFor }) => isFor === undefined || isFor(subject));
}

/** What of these laws one breaks, by their texts. */
export function brokenLaws<Subject>(laws: readonly Law<Subject>[], subject: Subject, runs: number): string[] {
  return lawsFor(laws, subject).flatMap(({ text, hold }) => {
    try {
      hold(subject, runs);
      return [];
    } catch {
      return [text];
    }
  });
}

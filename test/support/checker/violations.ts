// What a checker found: which law was broken, when, and how. LITTLE is Little's law, an identity of every queue;
// CRASH is an error that the simulator threw.

export type LawId =
  | "LAW-1"
  | "LAW-2"
  | "LAW-3"
  | "LAW-4"
  | "LAW-5"
  | "LAW-6"
  | "LAW-7"
  | "LAW-8"
  | "LAW-9"
  | "LAW-10"
  | "LAW-11"
  | "LAW-12"
  | "LAW-13"
  | "LAW-15"
  | "LITTLE"
  | "CRASH";

export interface Violation {
  readonly law: LawId;
  /** Simulated microseconds. */
  readonly at: number;
  readonly message: string;
}

/** One fault breaks a law thousands of times: the first few of each law tell. */
const MOST_OF_A_LAW = 3;

export class Violations {
  readonly list: Violation[] = [];
  readonly #counts = new Map<LawId, number>();

  add(law: LawId, at: number, message: string): void {
    const count = this.#counts.get(law) ?? 0;
    this.#counts.set(law, count + 1);
    if (count < MOST_OF_A_LAW) this.list.push({ law, at, message });
  }

  has(law: LawId): boolean {
    return this.#counts.has(law);
  }

  expect(condition: boolean, law: LawId, at: number, message: () => string): void {
    if (!condition) this.add(law, at, message());
  }
}

export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ law, at, message }) => `  ${law} at ${at / 1e6} s: ${message}`).join("\n");
}

// Options of definitions that users write, as plain data: what each may hold, its default and its text. They travel
// from the user's module to the checks of a scenario, and read there as options of the program's own do, units and all.

/** One option; what a scenario may write for it, and with that what `Value` the definition is given. */
export interface CustomOption<Value = unknown> {
  readonly kind: "count" | "real" | "share" | "duration" | "choice" | "flag";
  /** As a scenario writes it: 100, "5s", "2%". */
  readonly default: string | number | boolean;
  readonly text: string;
  readonly from?: number;
  readonly to?: number;
  /** What a choice is among. */
  readonly of?: readonly string[];
  /** For the compiler alone: the type that it reads to. */
  readonly value?: Value;
}

/** The options of a definition, by name. */
export type CustomOptions = Readonly<Record<string, CustomOption>>;

/** What a definition is given of them. */
export type ValuesOf<Options extends CustomOptions> = {
  readonly [Key in keyof Options]: Options[Key] extends CustomOption<infer Value> ? Value : never;
};

/** Bounds, both included. */
interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

interface Given<Default> extends Bounds {
  readonly default: Default;
  /** What it does, in one sentence, for those who write scenarios. */
  readonly text: string;
}

/** The kinds of options there are. Each has a default, so that a definition can be named without any. */
export const options = {
  /** A whole number, also with k, M or G, as in "32k". Default bounds: 0 to 1e9. */
  count: (given: Given<number | string>): CustomOption<number> => ({
    from: 0,
    to: 1e9,
    ...given,
    kind: "count",
  }),
  /** A number. Default bounds: -1e12 to 1e12. */
  real: (given: Given<number>): CustomOption<number> => ({ from: -1e12, to: 1e12, ...given, kind: "real" }),
  /** A share as in "2%", or a number from 0 to 1; reads to the number. */
  share: (given: Given<number | string>): CustomOption<number> => ({ ...given, kind: "share" }),
  /** A time as in "250ms", or a number of seconds; reads to microseconds, in which its bounds are, too. */
  duration: (given: Given<number | string>): CustomOption<number> => ({ ...given, kind: "duration" }),
  /** One of these words. */
  choice: <const Word extends string>(
    of: readonly Word[],
    given: { readonly default: NoInfer<Word>; readonly text: string },
  ): CustomOption<Word> => ({ ...given, of, kind: "choice" }),
  /** true or false. */
  flag: (given: { readonly default: boolean; readonly text: string }): CustomOption<boolean> => ({
    ...given,
    kind: "flag",
  }),
};

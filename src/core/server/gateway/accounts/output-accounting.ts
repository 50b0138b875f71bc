// How generated tokens are charged, whose number is not known before the end: a convention of ours, since no public
// text says it. Whatever is charged at admission, the end settles the difference, into debt if need be.

interface OutputAccounting<Name extends string> {
  readonly name: Name;
  readonly summary: string;
  /** What of a request is charged when it is admitted. */
  readonly charges: "stated" | "expected" | "nothing";
}

const define = <const Name extends string>(one: OutputAccounting<Name>): OutputAccounting<Name> => one;

export const OUTPUT_ACCOUNTINGS = [
  define({
    name: "reserve-max",
    summary: "The stated max_tokens at admission, the rest given back at the end.",
    charges: "stated",
  }),
  define({
    name: "reserve-expected",
    summary: "Likewise with a fixed expectation.",
    charges: "expected",
  }),
  define({
    name: "post-charge",
    summary: "Nothing at admission but a look whether the account is in debt, everything at the end.",
    charges: "nothing",
  }),
] as const;

export type OutputAccountingName = (typeof OUTPUT_ACCOUNTINGS)[number]["name"];

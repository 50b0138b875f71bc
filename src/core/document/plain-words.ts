// What zod finds in words for people: its own were written for programmers, and say "expected number, received
// undefined". Every schema whose problems are told is parsed with these.
import * as z from "zod";
import { choices, quote } from "./words.js";

type RawIssue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** Known keys travel in the message of an unknown-key issue, the only part of it that is ours to write. */
export const KEY_SEPARATOR = ",";

function knownKeys({ inst }: RawIssue): string {
  const forms = inst instanceof z.ZodDiscriminatedUnion ? (inst.def.options as readonly z.ZodType[]) : [inst];
  const keys = forms.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
  return [...new Set(keys)].join(KEY_SEPARATOR);
}

/** More keys than that are not read. */
const MOST_KEYS = 8;

/** What a map is made of, where the schema says so in a few words. */
function keysOf({ inst }: RawIssue): string {
  const keys = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  return keys.length === 0 || keys.length > MOST_KEYS ? "" : ` of ${keys.join(", ")}`;
}

/** The error map of a parse: wording where the schema itself has none. */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${KINDS[issue.expected] ?? issue.expected}${keysOf(issue)}, got ${quote(issue.input)}`;
    case "unrecognized_keys":
      return knownKeys(issue);
    case "invalid_union":
      return issue.inst instanceof z.ZodDiscriminatedUnion ? knownKeys(issue) : undefined;
    case "invalid_value":
      return `${quote(issue.input)} is not ${choices(issue.values.map(String))}`;
    case "too_small":
      return issue.origin === "array" ? "the list is empty" : "the text is empty";
    case "too_big":
      return `longer than ${issue.maximum}`;
    default:
      return undefined;
  }
};

// What a user says of a file's names: under which the format's fields stand in it, and which are to be left out.
// Headers and objects come out as if the file had been written with the format's names. It does not know formats.
import { nearest } from "../../base/nearest.js";
import { csvValues } from "../../text/csv.js";
import { membersOf } from "../../text/json-members.js";
import type { RowDraft } from "./format.js";
import { UNSAID } from "./format.js";

/** What a column is called that is left out: no format has such a name, and no file is likely to. */
const LEFT_OUT = "(left out)";

/** What may be left out of rows, whatever the file calls it. */
const FACTS = {
  account: (draft) => {
    draft.account = "";
  },
  session: (draft) => {
    draft.session = "";
    draft.agent = "";
    draft.thinkMicros = UNSAID;
  },
  model: (draft) => {
    draft.model = "";
  },
  tier: (draft) => {
    draft.tier = "";
  },
  cached_tokens: (draft) => {
    draft.cachedTokens = UNSAID;
  },
  blocks: (draft) => {
    draft.blocks = undefined;
  },
} as const satisfies Record<string, (draft: RowDraft) => void>;

export const ROW_FACTS = Object.keys(FACTS) as (keyof typeof FACTS)[];

export class FieldNames {
  /** The format's name by the file's. */
  readonly #formatNames = new Map<string, string>();
  readonly #leftOut: ReadonlySet<string>;
  readonly #facts: readonly ((draft: RowDraft) => void)[];
  /** Names that were given and that nothing in the file has had so far. */
  readonly #unmet: Set<string>;

  constructor(columns: Readonly<Record<string, string>> = {}, ignore: readonly string[] = []) {
    for (const [name, written] of Object.entries(columns)) this.#formatNames.set(written, name);
    this.#leftOut = new Set(ignore.map((name) => name.toLowerCase()));
    this.#facts = ROW_FACTS.filter((fact) => this.#leftOut.has(fact)).map((fact) => FACTS[fact]);
    this.#unmet = new Set([
      ...this.#formatNames.keys(),
      ...ignore.filter((name) => !ROW_FACTS.includes(name.toLowerCase() as never)),
    ]);
  }

  /** Whether nothing was said: the file's names are the format's. */
  get isPlain(): boolean {
    return this.#formatNames.size === 0 && this.#leftOut.size === 0;
  }

  /** Given names that the file has not, with what was probably meant. */
  unmet(names: readonly string[]): string[] {
    return [...this.#unmet].map((name) => {
      const meant = nearest(name, names);
      return meant === undefined ? name : `${name} (did you mean ${meant}?)`;
    });
  }

  /** The columns of a header as the format calls them. */
  columns(written: readonly string[]): string[] {
    return written.map((name) => this.#formatName(name.trim(), name) ?? LEFT_OUT);
  }

  /** A header line with the format's names; unchanged where it is no line of CSV. */
  header(text: string): string {
    const written = this.isPlain ? undefined : csvValues(text);
    return written === undefined ? text : this.columns(written).map(quoted).join(",");
  }

  /** The text of a JSON object with the format's keys; every value stays as it stands. */
  object(text: string): string {
    if (this.isPlain) return text;
    const named = membersOf(text).flatMap(({ key, value }) => {
      const name = this.#formatName(key, key);
      return name === undefined ? [] : [`${JSON.stringify(name)}:${value}`];
    });
    return `{${named.join(",")}}`;
  }

  /** What the file calls a field of the format. */
  written(name: string): string {
    for (const [written, known] of this.#formatNames) if (known === name) return written;
    return name;
  }

  /** Takes out of a row what is to be left out, whatever the file calls it. */
  strip(draft: RowDraft): void {
    for (const remove of this.#facts) remove(draft);
  }

  /** Undefined for what is left out. A name that another column was given is that column's: its own is unknown then. */
  #formatName(key: string, written: string): string | undefined {
    if (this.#leftOut.has(key.toLowerCase())) {
      for (const name of this.#unmet) if (name.toLowerCase() === key.toLowerCase()) this.#unmet.delete(name);
      return undefined;
    }
    const name = this.#formatNames.get(key);
    if (name === undefined) return this.#isTaken(key) ? `${key} (replaced)` : written;
    this.#unmet.delete(key);
    return name;
  }

  #isTaken(name: string): boolean {
    for (const known of this.#formatNames.values()) if (known === name) return true;
    return false;
  }
}

/** Whether a column stands for one that the user has left out. */
export function isLeftOut(column: string): boolean {
  return column === LEFT_OUT;
}

function quoted(value: string): string {
  return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

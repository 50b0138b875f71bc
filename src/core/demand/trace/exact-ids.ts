// Identity as files have it: two ids are one where they are written alike, and only there. A number and the text of its
// digits are two, as are whole numbers that one double stands for. It does not know what is identified.

/** The most ids of blocks that are remembered, twice: the traces' memory of prompts reaches no further. */
const MOST_REMEMBERED = 1_000_000;
/** From here on block ids are our own, for those that are no whole numbers below it. */
const FIRST_OWN = 2 ** 52;

/** What is put behind names of the other kind. */
const NUMBER = " (a number)";
const TEXT = " (text)";

/** A number as a name: by its digits where a double does not hold them all. */
function numberName(value: number, literal: () => string): string {
  if (Number.isSafeInteger(value)) return String(value);
  const written = literal();
  const digits = written.split(/[eE]/, 1)[0]!.replace(/^[-0.]+|[^\d]/g, "");
  return digits.length > 15 || !Number.isFinite(value) ? written : String(value);
}

/** Names that some writers give as text and some as numbers, of one field. */
export class ExactIds {
  /** What the first id of the file was: names of the other kind are marked where they could be taken for one of it. */
  #first: "number" | "string" | undefined;

  /** The name of an id; undefined for what is none. `literal` is the value as it stands in the file. */
  nameOf(value: unknown, literal: () => string): string | undefined {
    if (typeof value !== "number" && typeof value !== "string") return undefined;
    const kind = typeof value as "number" | "string";
    this.#first ??= kind;
    if (typeof value === "number") {
      const name = numberName(value, literal);
      return this.#first === "number" ? name : `${name}${NUMBER}`;
    }
    const isMarked = value.endsWith(NUMBER) || value.endsWith(TEXT);
    return isMarked || (this.#first === "number" && /^-?\d/.test(value)) ? `${value}${TEXT}` : value;
  }
}

/** Ids of blocks as numbers: whole numbers are their own. */
export class ExactBlocks {
  #numbers = new Map<string, number>();
  #before = new Map<string, number>();
  #next = FIRST_OWN;

  /** Undefined for what is no list, and where an entry is neither a number nor text. */
  read(value: unknown, literals: () => readonly string[]): readonly number[] | undefined {
    if (!Array.isArray(value)) return undefined;
    const list: readonly unknown[] = value;
    if (list.every(isPlain)) return list as readonly number[];
    if (!list.every((id) => typeof id === "number" || typeof id === "string")) return undefined;
    const written = literals();
    return list.map((id, index) => (isPlain(id) ? (id as number) : this.#numberOf(written[index]!)));
  }

  #numberOf(literal: string): number {
    let number = this.#numbers.get(literal) ?? this.#before.get(literal);
    if (number === undefined) number = this.#next++;
    if (this.#numbers.size >= MOST_REMEMBERED) {
      this.#before = this.#numbers;
      this.#numbers = new Map();
    }
    this.#numbers.set(literal, number);
    return number;
  }
}

function isPlain(id: unknown): boolean {
  return Number.isSafeInteger(id) && Math.abs(id as number) < FIRST_OWN;
}

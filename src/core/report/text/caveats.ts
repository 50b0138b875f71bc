// What is to be known besides the numbers, as lines of text below one heading: of one result, or of several, each by
// its name. Knows the words of caveats, not how they were found.
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { Style } from "./style.js";
import { textWidth } from "./width.js";

/** Whose caveats they are: of several results by name. */
export interface CaveatsOf {
  readonly name: string;
  readonly caveats: readonly Caveat[];
}

interface Page {
  readonly style: Style;
  readonly width: number;
}

/** A heading and a caveat each, further lines of one indented; nothing where there is none. */
export function caveatBlock(caveats: readonly Pick<Caveat, "text">[], { style, width }: Page): string[] {
  if (caveats.length === 0) return [];
  return [style.bold("CAVEATS"), ...caveats.flatMap(({ text }) => wrapped(text, width).map(style.warn))];
}

/** Of several results: what all of them share is said once. */
export function sharedCaveats(results: readonly CaveatsOf[]): { readonly text: string }[] {
  const texts = new Set(results.flatMap(({ caveats }) => caveats.map(({ text }) => text)));
  return [...texts].flatMap((text) => {
    const owners = results.filter(({ caveats }) => caveats.some((one) => one.text === text));
    if (owners.length === results.length) return [{ text }];
    return owners.map(({ name }) => ({ text: `${name}: ${text}` }));
  });
}

/** Indented, further lines by more. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = " ";
  for (const word of text.split(" ")) {
    const longer = `${line} ${word}`;
    if (textWidth(longer) > width && line.trim() !== "") {
      lines.push(line);
      line = `    ${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

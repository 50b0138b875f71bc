// HTML from templates in which every value is escaped, wherever it comes from: names and descriptions are not ours, but
// the scenario's. Only what a template has made goes in as it is.

import { visibleLines } from "../../text/visible.js";

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand between tags and in a quoted attribute. */
function escaped(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (found) => ENTITIES[found]!);
}

/** A template of HTML: `html\`<td>${name}</td>\``. What is left out, null or false comes to nothing. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(texts.reduce((page, text, index) => page + textOf(values[index - 1]) + text));
}

/** Whatever stands in it already is right: for the program's own script and style. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(textOf).join("");
  return escaped(String(part));
}

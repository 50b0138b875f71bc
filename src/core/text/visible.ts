// What text from outside looks like where people read it: what a terminal, a browser or a log would act on instead of
// showing it - control characters, marks that turn the direction of writing, characters without width - is written as
// its escape, `\u202e`. Names stay legible, no two look alike, and JSON says the same as before.

/**
 * Controls, format characters, other line ends, halves of pairs and what is invisible by its very nature (Unicode's
 * `Default_Ignorable_Code_Point`); but for what makes one emoji of several signs, between such signs.
 */
const INVISIBLE =
  /(?!\ufe0e|\ufe0f|(?<=[\p{ExtPict}\p{EMod}]\ufe0f?)\u200d(?=\p{ExtPict}))[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu;
const OF_LINES = /[\n\t]/;

/** A name or another piece of one line. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeOf);
}

/** Text that has lines and tabs of its own. */
export function visibleLines(text: string): string {
  return text.replace(INVISIBLE, (found) => (OF_LINES.test(found) ? found : escapeOf(found)));
}

function escapeOf(found: string): string {
  return Array.from({ length: found.length }, (_, index) => unit(found.charCodeAt(index))).join("");
}

const unit = (code: number) => `\\u${code.toString(16).padStart(4, "0")}`;

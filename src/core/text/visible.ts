// What text from outside looks like where people read it: what a terminal, a browser or a log would act on instead of
// showing it - control characters, marks that turn the direction of writing, characters without width - is written as
// its escape, `\u202e`. Names stay legible, no two look alike, and JSON says the same as before.

/**
 * Controls, format characters, other line ends, halves of pairs and what is invisible by its very nature (Unicode's
 * `Default_Ignorable_Code_Point`).
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const OF_LINES = /[\n\t]/;
/** What chooses how a sign looks. */
const SELECTOR = /[\ufe0e\ufe0f]/;
const JOINER = "\u200d";
const SIGN = /^\p{Extended_Pictographic}/u;
/** Also with its selector, or the tone of its skin. */
const SIGN_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;

/** A name or another piece of one line. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (found, at: number) =>
    isOfEmoji(found, at, text) ? found : escapeOf(found),
  );
}

/** Text that has lines and tabs of its own. */
export function visibleLines(text: string): string {
  return text.replace(INVISIBLE, (found, at: number) =>
    OF_LINES.test(found) || isOfEmoji(found, at, text) ? found : escapeOf(found),
  );
}

/** What makes one emoji of several signs, between such signs. */
function isOfEmoji(found: string, at: number, text: string): boolean {
  if (SELECTOR.test(found)) return true;
  if (found !== JOINER) return false;
  // A sign is two units at most.
  return SIGN_BEFORE.test(text.slice(Math.max(0, at - 2), at)) && SIGN.test(text.slice(at + 1, at + 3));
}

function escapeOf(found: string): string {
  return Array.from({ length: found.length }, (_, index) => unit(found.charCodeAt(index))).join("");
}

const unit = (code: number) => `\\u${code.toString(16).padStart(4, "0")}`;

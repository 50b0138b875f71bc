// The first line of a text that comes in chunks, by which readers know what they are given. Knows no formats.

/** No header is longer; of a longer line only so much is given. */
const LONGEST = 64 * 1024;

export function firstLine(chunks: Iterable<string>): string {
  let text = "";
  for (const chunk of chunks) {
    text += chunk;
    if (text.includes("\n") || text.length > LONGEST) break;
  }
  return text.slice(0, LONGEST).split(/\r?\n/, 1)[0]!;
}

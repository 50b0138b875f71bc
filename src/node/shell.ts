// Command lines that can be pasted into a POSIX shell.

/** A word as a shell reads it back: quoted only where it must be. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

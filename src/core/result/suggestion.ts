// "Did you mean": the known word nearest to a mistyped one, when it is near enough to be worth saying.
import { distance, closest as nearest } from "fastest-levenshtein";

export function closest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = nearest(word, known);
  const limit = Math.max(2, Math.ceil(near.length / 3));
  return distance(word, near) <= limit ? near : undefined;
}

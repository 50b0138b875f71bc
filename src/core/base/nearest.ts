// The name that was probably meant by one that is not known, for the hints of messages. Knows nothing about what the
// names are of.
import { distance } from "fastest-levenshtein";

/** Hints list the known names only if they are few. */
const MOST_LISTED = 20;

/** Letters that the beginning of a name needs to be recognised. */
const SHORTEST_STUB = 3;

/** Whether a word begins with that character of a name. */
const isNewWord = (letter: string) => /[A-Z_-]/.test(letter);

/** A name up to the number of its version, as `vllm-` of `vllm-0.15`; undefined where it has none. */
const unversioned = (name: string) => /^(.*-)v?\d+(?:\.\d+)+$/.exec(name)?.[1];

/** Whether both are versions of one thing: another version is no slip of the finger. */
function areVersions(one: string, other: string): boolean {
  const name = unversioned(one);
  return name !== undefined && name === unversioned(other);
}

/**
 * The name that was probably meant: near enough to be a slip of the finger, case aside, or one of which it is the
 * beginning, or that is its first word, as `min` is of `minReplicas`.
 */
export function nearest(unknown: string, known: readonly string[]): string | undefined {
  const word = unknown.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    if (areVersions(word, candidate.toLowerCase())) continue;
    const apart = distance(word, candidate.toLowerCase());
    // Of a short name, every letter could be a slip: then there is no likeness left.
    if (apart < bestDistance && apart < candidate.length) {
      best = candidate;
      bestDistance = apart;
    }
  }
  if (best !== undefined || word.length < SHORTEST_STUB) return best;
  const unfinished = known.find((candidate) => candidate.toLowerCase().startsWith(word));
  if (unfinished !== undefined) return unfinished;
  const isFirstWord = (one: string) => unknown.startsWith(one) && isNewWord(unknown.charAt(one.length));
  return known.find((one) => one.length >= SHORTEST_STUB && isFirstWord(one));
}

/**
 * The hint for an unknown name: what was probably meant, else what is known; undefined if that is too much.
 */
export function suggest(unknown: string, known: readonly string[]): string | undefined {
  const meant = nearest(unknown, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return known.length > 0 && known.length <= MOST_LISTED ? `known: ${known.join(", ")}` : undefined;
}

// What of a row does not go together and is told rather than refused: block ids that are more or fewer than their
// prompt has, answers before their request, and what no path of the scenario serves. It does not know formats.
import { type ReadContext, type RowDraft, UNSAID } from "./format.js";

/** Cached tokens of a prompt, UNSAID among them, without those that it is too short to have; that is counted. */
export function fittingCached(
  cached: number,
  inputTokens: number,
  { note }: Pick<ReadContext, "note">,
): number {
  if (cached <= inputTokens) return cached;
  note("cached tokens above the prompt's length, cut to it");
  return inputTokens;
}

/**
 * Block ids without those beyond the prompt's end, which is counted. The last block may be shorter than the others, and
 * is left out by some.
 */
export function fittingBlocks(
  blocks: readonly number[] | undefined,
  tokens: number,
  blockTokens: number,
  { note }: Pick<ReadContext, "note">,
): readonly number[] | undefined {
  if (blocks === undefined) return undefined;
  const most = Math.ceil(tokens / blockTokens);
  if (blocks.length > most) {
    note("block ids beyond the end of their prompt, left out");
    return blocks.slice(0, most);
  }
  if (blocks.length < Math.floor(tokens / blockTokens)) {
    note("prompts longer than their block ids, the rest taken for text of their own", 1, "assumed");
  }
  return blocks;
}

/** Takes first tokens and ends that lie before their request's start for not said, which is counted. */
export function dropEarlier(draft: RowDraft, { note }: Pick<ReadContext, "note">): void {
  if (draft.firstTokenMicros !== UNSAID && draft.firstTokenMicros < draft.micros) {
    note("first tokens before their request's start, left out");
    draft.firstTokenMicros = UNSAID;
  }
  if (draft.endedMicros !== UNSAID && draft.endedMicros < draft.micros) {
    note("ends before their request's start, left out");
    draft.endedMicros = UNSAID;
  }
}

/** What to do where rows name a model that nothing serves. */
export const UNSERVED =
  "rows that no path of the scenario serves, as none has the model that they name: each is answered with a 404; " +
  "leave the column out (ignore: [model]), so that the mix says what they ask for, or name another one that says it " +
  "(columns: { model: NAME })";

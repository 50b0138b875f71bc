// HTTP statuses that a refusal may carry. One closed list, so that they are counted by place in a typed array; which
// cause gets which is the provider's business. A call that is wrong in itself (400, 404) is no refusal.
import { NONE } from "./none.js";

/** Of a request that was refused: over a limit, shed, or met by a failure. In the order in which results list them. */
export const REFUSAL_STATUSES = [408, 429, 498, 500, 502, 503, 504, 529] as const;
export type RefusalStatus = (typeof REFUSAL_STATUSES)[number];

/** Index into REFUSAL_STATUSES; NONE for any other. */
export function statusPlace(status: number): number {
  const place = REFUSAL_STATUSES.indexOf(status as RefusalStatus);
  return place < 0 ? NONE : place;
}

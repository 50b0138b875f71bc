// What events of the callers are in the clock's queue; the subject of each is a slot of their table of requests. The
// server has kinds of its own (server/service/event-kinds.ts); no number is both.
export const CallerEvent = {
  /** Its client tries again. */
  retry: 1,
  /** Its client has waited as long as it will. */
  clientTimeout: 3,
  /** Its client sends a second attempt beside it. */
  hedge: 7,
  /** Another attempt of the same request was answered first. */
  hedgeLost: 8,
  /** Its caller waits for a first token no longer. */
  callerGone: 9,
  /** Its client has waited as long as it will for the last token, of the attempt or of the request. */
  totalTimeout: 17,
} as const;

export type CallerEvent = (typeof CallerEvent)[keyof typeof CallerEvent];

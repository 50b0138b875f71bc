// The number that stands for "there is none" where things are numbered from 0: no prefix, no session, no ticket.
// It does not know what is numbered.

/** Stands for nothing in a row of numbers, such as no application prefix and no session. */
export const NONE = -1;

// What is counted of tracked accounts, by tier and account. Of one attempt little is counted, in many places: so it is
// noted in a short list first, and the list is entered as a whole, which touches that memory once for many attempts.
// Entered at once, it took 15 % of the time of a plain run. Knows numbers of tiers and accounts, not names.
import { unreachable } from "../../base/assert.js";
import type { Reason } from "../../base/outcome.js";
import { CrossTable } from "./cross-table.js";
import type { TierColumns } from "./tier-columns.js";

/** What can be noted. */
export const Entry = {
  requestOffered: 0,
  requestEnded: 1,
  requestOpen: 2,
  retried: 3,
  clientRejected: 4,
  hedged: 5,
  wasted: 6,
  attemptArrived: 7,
  attemptStarted: 8,
  firstToken: 9,
  attemptFailed: 10,
  attemptCompleted: 11,
  tokensCompleted: 12,
  attemptInFlight: 13,
  tokensGenerated: 14,
  requestAttempted: 15,
  demoted: 16,
  spilled: 17,
  costShifted: 18,
  objectiveMissed: 19,
} as const;
export type Entry = (typeof Entry)[keyof typeof Entry];

/** Of the numbers of entries, below that of a place. */
const ENTRY_BITS = 5;

/** What several accounts keep must stay in the cache: exact ones of 8,192 values took 6 % of a plain run. */
const SKETCHES = { exactLimit: 512, coarse: true } as const;
/** Short enough to stay in the cache. */
const ROWS = 512;
const WIDTH = 3;

export class TrackedAccounts {
  readonly #accounts: number;
  readonly #table: CrossTable;
  /** Of each row, the entry and its place in the table in one number, and up to three numbers of its own. */
  readonly #codes: Int32Array = new Int32Array(ROWS);
  readonly #numbers: Float64Array = new Float64Array(ROWS * WIDTH);
  #rows = 0;

  constructor(tiers: number, accounts: number) {
    this.#accounts = accounts;
    this.#table = new CrossTable(tiers, accounts, SKETCHES);
  }

  /** By tier and account, with everything that was noted. */
  get table(): CrossTable {
    this.#enter();
    return this.#table;
  }

  note(entry: Entry, tier: number, account: number, one = 0, two = 0, three = 0): void {
    if (this.#rows === ROWS) this.#enter();
    const row = this.#rows++;
    this.#codes[row] = ((tier * this.#accounts + account) << ENTRY_BITS) | entry;
    const numbers = this.#numbers;
    numbers[row * WIDTH] = one;
    numbers[row * WIDTH + 1] = two;
    numbers[row * WIDTH + 2] = three;
  }

  #enter(): void {
    const numbers = this.#numbers;
    for (let row = 0; row < this.#rows; row++) {
      const code = this.#codes[row]!;
      const columns = this.#table.in(code >> ENTRY_BITS);
      const at = row * WIDTH;
      const entry = (code & ((1 << ENTRY_BITS) - 1)) as Entry;
      enter(columns, entry, numbers[at]!, numbers[at + 1]!, numbers[at + 2]!);
    }
    this.#rows = 0;
  }
}

function enter(columns: TierColumns, entry: Entry, one: number, two: number, three: number): void {
  switch (entry) {
    case Entry.requestOffered:
      columns.requestOffered();
      return;
    case Entry.requestAttempted:
      columns.requestAttempted();
      return;
    case Entry.requestEnded:
      columns.requestEnded(one as Reason);
      return;
    case Entry.requestOpen:
      columns.requestOpen();
      return;
    case Entry.retried:
      columns.retries[one]!++;
      return;
    case Entry.clientRejected:
      columns.clientRejected++;
      return;
    case Entry.hedged:
      columns.hedges++;
      return;
    case Entry.demoted:
      columns.demoted++;
      return;
    case Entry.spilled:
      columns.spilled++;
      return;
    case Entry.costShifted:
      columns.costShifted(one, two, three);
      return;
    case Entry.objectiveMissed:
      columns.objectiveMissed(one);
      return;
    case Entry.wasted:
      columns.wasted(one, two);
      return;
    case Entry.attemptArrived:
      columns.attemptArrived();
      return;
    case Entry.attemptStarted:
      columns.queueWait.add(one);
      return;
    case Entry.firstToken:
      columns.ttft.add(one);
      return;
    case Entry.attemptFailed:
      columns.attemptFailed(one as Reason, two, three === 1);
      return;
    case Entry.attemptCompleted:
      columns.attemptCompleted(one, two);
      return;
    case Entry.tokensCompleted:
      // Lengths are shown of tiers alone: their histograms stay empty.
      columns.inputTokens += one;
      columns.cachedTokens += two;
      columns.outputTokens += three;
      return;
    case Entry.attemptInFlight:
      columns.attemptInFlight();
      return;
    case Entry.tokensGenerated:
      columns.generated(one);
      return;
    default:
      unreachable(entry);
  }
}

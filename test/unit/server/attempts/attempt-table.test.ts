import { describe, expect, it } from "vitest";
import { emptyCall, NO_HANDLE } from "../../../../src/core/api/wire.js";
import { NONE } from "../../../../src/core/base/none.js";
import { instant } from "../../../../src/core/base/units.js";
import { NO_EVENT } from "../../../../src/core/kernel/event-queue.js";
import { AttemptState, AttemptTable } from "../../../../src/core/server/attempts/attempt-table.js";
import { StatedFacts } from "../../../../src/core/server/attempts/stated/facts.js";
import {
  LINE_COLUMNS,
  STATED_COLUMNS,
  StatedRows,
} from "../../../../src/core/server/attempts/stated/rows.js";
import {
  AttemptWork,
  WORK_APART,
  WORK_DOUBLES,
  WORK_NUMBERS,
  WorkRows,
} from "../../../../src/core/server/attempts/work.js";

const { free, received, queued, running } = AttemptState;
const CALL = {
  ...emptyCall(),
  reference: 77,
  account: 1,
  route: 2,
  inputTokens: 300,
  cachedTokens: 40,
  prefix: 5,
  prefixTokens: 60,
  session: 7,
  sharedTokens: 80,
  maxTokens: 900,
  outputTokens: 1000,
};
const PATH = { path: 0, name: "standard", pool: 11, rank: 12, lane: 13, model: 14 };

const WORK_COLUMNS = [...WORK_NUMBERS, ...WORK_DOUBLES, ...WORK_APART];

/** A table with so many attempts in it, all of the same call. */
function filled(count: number): AttemptTable {
  const table = new AttemptTable();
  for (let index = 0; index < count; index++) enter(table, index);
  return table;
}

function enter(table: AttemptTable, at: number): number {
  const slot = table.open();
  table.stated.write(slot, CALL, PATH);
  table.work.write(slot, CALL.reference, CALL.outputTokens, instant(at), table.opened);
  return slot;
}

describe("the row of an attempt", () => {
  it("has what callers state and what the work is, and nothing that tells what a caller thinks", () => {
    const stated = ["account", "path", "model", "pool", "inputTokens", "cachedTokens", "rank", "lane"];
    const prompts = ["certainTokens", "maxTokens", "prefix", "prefixTokens", "session", "sharedTokens"];
    stated.splice(6, 0, "askedPath");
    expect(STATED_COLUMNS).toEqual([...stated, ...prompts]);
    expect([...WORK_NUMBERS]).toEqual(["outputTokens", "state", "generation", "instance", "queueTimer"]);
    expect([...WORK_DOUBLES, ...WORK_APART]).toEqual(["arrivedAt", "serial", "reference"]);
  });

  it("has room on the line for what both halves have there", () => {
    expect(LINE_COLUMNS.length + WORK_NUMBERS.length + 2 * WORK_DOUBLES.length).toBeLessThanOrEqual(16);
  });

  it("has a reader for every column and for nothing else, and what decides has none for the answer", () => {
    const readersOf = (type: { readonly prototype: object }, writers: readonly string[]) =>
      Object.getOwnPropertyNames(type.prototype).filter(
        (name) => !["constructor", ...writers].includes(name),
      );
    expect(readersOf(StatedRows, ["grow", "write", "move", "foundCached"])).toEqual([...STATED_COLUMNS]);
    const writers = ["grow", "write", "cutOutput", "enter", "endGeneration", "startOn", "setQueueTimer"];
    expect(new Set(readersOf(WorkRows, writers))).toEqual(new Set(WORK_COLUMNS));
    const readable = readersOf(StatedFacts, ["at"]);
    expect(readable.filter((name) => !STATED_COLUMNS.some((column) => column === name))).toEqual([]);
  });

  it("says of the call what the call said, and of its path how it is served", () => {
    const { stated, work } = filled(3);
    const told = STATED_COLUMNS.map((column) => stated[column](2));
    expect(told).toEqual([1, 2, 14, 11, 300, 40, 2, 12, 13, 40, 900, 5, 60, 7, 80]);
    expect(WORK_COLUMNS.map((column) => work[column](2))).toEqual([1000, received, 0, 0, NO_EVENT, 2, 3, 77]);
  });

  it("keeps what is stated to be cached beside what is found", () => {
    const { stated, work } = filled(1);
    stated.foundCached(0, 200);
    expect([stated.cachedTokens(0), stated.certainTokens(0)]).toEqual([200, 40]);
    expect([
      new StatedFacts(stated).at(0).cachedTokens,
      new AttemptWork(stated, work).at(0).cachedTokens,
    ]).toEqual([200, 40]);
  });

  it("is seen through windows that turn to another row", () => {
    const table = filled(2);
    const other = { ...CALL, account: 9, outputTokens: 3 };
    table.stated.write(1, other, { ...PATH, rank: 0 });
    table.work.write(1, 1, 3, instant(0), 9);
    const facts = new StatedFacts(table.stated);
    expect([facts.at(1).account, facts.rank, facts.at(0).account, facts.rank, facts.maxTokens]).toEqual([
      9, 0, 1, 12, 900,
    ]);
    const work = new AttemptWork(table.stated, table.work);
    expect([work.at(1).outputTokens, work.at(0).outputTokens, work.sharedTokens]).toEqual([3, 1000, 80]);
  });
});

describe("the table of attempts", () => {
  it("grows with those inside, keeps what it knows, and gives slots again", () => {
    const table = filled(3000);
    expect(table.work.arrivedAt(2999)).toBe(2999);
    expect([table.alive, table.opened, table.stated.sharedTokens(1500)]).toEqual([3000, 3000, 80]);
    const { capacity } = table;
    for (let slot = 0; slot < 3000; slot++) table.close(slot);
    for (let index = 0; index < 3000; index++) enter(table, index);
    expect([table.capacity, table.alive, table.opened]).toEqual([capacity, 3000, 6000]);
  });

  it("lists attempts in the order in which they came, whatever their slots", () => {
    const table = filled(3);
    table.close(0);
    table.close(1);
    const [next, last] = [enter(table, 5), enter(table, 6)];
    expect(new Set([next, last])).toEqual(new Set([0, 1]));
    expect(table.inOrder()).toEqual([2, next, last]);
  });

  it.each([
    [received, queued, true],
    [received, free, true],
    [queued, running, true],
    [queued, free, true],
    [running, free, true],
    [received, received, false],
    [received, running, false],
    [queued, received, false],
    [queued, queued, false],
    [running, queued, false],
    [running, running, false],
    [free, free, false],
    [free, queued, false],
    [free, running, false],
  ] as const)("lets state %i be followed by %i: %s", (from, to, isLegal) => {
    const table = filled(1);
    table.work.enter(0, from);
    const move = () => table.move(0, to);
    if (isLegal) expect(move).not.toThrow();
    else expect(move).toThrow("LAW-10");
  });
});

describe("a handle", () => {
  it("leads to its attempt until that ends, and to none that has the slot after it", () => {
    const table = filled(2);
    const handle = table.handleOf(1);
    expect(table.slotOf(handle)).toBe(1);
    table.close(1);
    expect(table.slotOf(handle)).toBe(NONE);
    expect(enter(table, 0)).toBe(1);
    expect([table.slotOf(handle), table.slotOf(table.handleOf(1))]).toEqual([NONE, 1]);
  });

  it("is given once: a slot that has had its last one is not used again", () => {
    const table = new AttemptTable(2);
    const handles = Array.from({ length: 10 }, (_, at) => {
      const slot = enter(table, at);
      const handle = table.handleOf(slot);
      table.close(slot);
      return handle;
    });
    expect(new Set(handles).size).toBe(10);
    expect(handles.map((handle) => handle % 2 ** 24)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
    expect([table.alive, ...handles.map((handle) => table.slotOf(handle))]).toEqual([
      0,
      ...handles.map(() => NONE),
    ]);
  });

  it("of nothing leads nowhere", () => {
    const table = filled(1);
    expect([NO_HANDLE, 1, 5000, 2 ** 40].map((handle) => table.slotOf(handle))).toEqual([
      NONE,
      NONE,
      NONE,
      NONE,
    ]);
  });
});

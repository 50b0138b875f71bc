// The closed forms against golden values that were computed apart from this project, to all digits that are given; and
// against each other, where one is a case of another.
import { describe, expect, it } from "vitest";
import {
  boundedLine,
  cobham,
  cobhamOneServer,
  engsetCongestion,
  erlangAbandonment,
  erlangB,
  erlangC,
  erlangTail,
  machineRepair,
  pollaczekKhinchine,
  queueThreshold,
  retrialOrbit,
  slowRetries,
  tokenBucketRefusal,
  trunkReservation,
} from "../../support/closed-forms.js";

/** [what, found, the golden value as it is written]: its last digit may be off by one half, or by one where it was cut. */
type Row = readonly [what: string, found: number, golden: string];

const retries = slowRetries(20, 18, 2);
const ROWS: readonly Row[] = [
  ["Erlang B, 10 at 8", erlangB(10, 8), "0.1216610643"],
  ["Erlang B, 100 at 90", erlangB(100, 90), "0.02695738046"],
  ["Erlang B, 1000 at 950", erlangB(1000, 950), "0.003649293689"],
  ["Erlang C, 10 at 8", erlangC(10, 8).waits, "0.4091801508"],
  ["its mean wait", erlangC(10, 8).wait, "0.2045900754"],
  ["its tail at 0.5", erlangTail(10, 8, 0.5), "0.150528965213"],
  ["its tail at 1", erlangTail(10, 8, 1), "0.0553765116028"],
  ["M/M/10/30 at 12, blocking", boundedLine(10, 30, 12).blocking, "0.1686372446"],
  ["M/M/10/30 at 12, wait", boundedLine(10, 30, 12).wait, "1.534560194"],
  ["M/M/10/30 at 9.5, blocking", boundedLine(10, 30, 9.5).blocking, "0.02058607943"],
  ["10 servers, 0 reserved, Standard", trunkReservation(10, 0, 2, 8).standard, "0.21458234"],
  ["10 servers, 0 reserved, Priority", trunkReservation(10, 0, 2, 8).priority, "0.21458234"],
  ["10 servers, 1 reserved, Standard", trunkReservation(10, 1, 2, 8).standard, "0.31086346"],
  ["10 servers, 1 reserved, Priority", trunkReservation(10, 1, 2, 8).priority, "0.051810577"],
  ["10 servers, 2 reserved, Standard", trunkReservation(10, 2, 2, 8).standard, "0.39307421"],
  ["10 servers, 2 reserved, Priority", trunkReservation(10, 2, 2, 8).priority, "0.013792078"],
  ["10 servers, 3 reserved, Standard", trunkReservation(10, 3, 2, 8).standard, "0.47680944"],
  ["10 servers, 3 reserved, Priority", trunkReservation(10, 3, 2, 8).priority, "0.0040237083"],
  ["100 servers, 5 reserved, Standard", trunkReservation(100, 5, 20, 80).standard, "0.13344012"],
  ["100 servers, 5 reserved, Priority", trunkReservation(100, 5, 20, 80).priority, "3.7446463e-5"],
  ["200 servers, 4 reserved, Standard", trunkReservation(200, 4, 32, 128).standard, "7.806e-4"],
  ["200 servers, 4 reserved, Priority", trunkReservation(200, 4, 32, 128).priority, "4.417e-7"],
  ["threshold 20 of 30, Standard", queueThreshold(10, 20, 30, 3, 9).standard.blocking, "0.23831506"],
  ["threshold 20 of 30, Priority", queueThreshold(10, 20, 30, 3, 9).priority.blocking, "9.8506038e-7"],
  ["M/D/1", pollaczekKhinchine(0.8, 1, 1), "2.0"],
  ["M/M/1", pollaczekKhinchine(0.8, 1, 2), "4.0"],
  ["M/G/1, log-normal", pollaczekKhinchine(0.8, 1, Math.E), "5.436563657"],
  ["Cobham, M/M/1, Priority", cobhamOneServer(0.2, 0.6, 1, 2).priority, "1.0"],
  ["Cobham, M/M/1, Standard", cobhamOneServer(0.2, 0.6, 1, 2).standard, "5.0"],
  ["Cobham, M/M/10, Priority", cobham(10, 2, 6).priority, "0.051147519"],
  ["Cobham, M/M/10, Standard", cobham(10, 2, 6).standard, "0.25573759"],
  ["machine repair of 50, throughput", machineRepair(50, 8, 10, 2).throughput, "4.660521842"],
  ["machine repair of 50, response", machineRepair(50, 8, 10, 2).response, "2.728412334"],
  ["machine repair of 80, throughput", machineRepair(80, 8, 10, 2).throughput, "4.9999956"],
  ["machine repair of 80, response", machineRepair(80, 8, 10, 2).response, "8.0000142"],
  ["Engset, 50 and 10", engsetCongestion(50, 10, 0.25), "0.2286405499"],
  ["Erlang-A", erlangAbandonment(10, 12, 0.5), "0.1956559440"],
  ["bucket, 8 at 10, depth 5", tokenBucketRefusal(8, 10, 5), "0.03529040"],
  ["bucket, 10 at 10, depth 5", tokenBucketRefusal(10, 10, 5), "0.1034489"],
  ["bucket, 15 at 10, depth 5", tokenBucketRefusal(15, 10, 5), "0.3384488"],
  ["bucket, 15 at 10, depth 10", tokenBucketRefusal(15, 10, 10), "0.3333970"],
  ["bucket, 9 at 10, depth 10", tokenBucketRefusal(9, 10, 10), "0.01663175"],
  ["two slow retries, blocking", retries.blocking, "0.24536"],
  ["two slow retries, attempts", retries.amplification, "1.30556"],
  ["two slow retries, failure", retries.failure, "0.014770"],
  ["the same, 100 at 80, blocking", slowRetries(100, 80, 2).blocking, "0.00436"],
  ["100 at 95, blocking", slowRetries(100, 95, 2).blocking, "0.1288"],
  ["100 at 95, attempts", slowRetries(100, 95, 2).amplification, "1.145"],
  ["100 at 105, blocking", slowRetries(100, 105, 2).blocking, "0.3951"],
  ["100 at 105, attempts", slowRetries(100, 105, 2).amplification, "1.551"],
  ["100 at 120, blocking", slowRetries(100, 120, 2).blocking, "0.5574"],
  ["100 at 120, attempts", slowRetries(100, 120, 2).amplification, "1.868"],
  ["retrial orbit", retrialOrbit(0.6, 0.5), "2.7"],
];

/** What the last digit of a number as written stands for. */
function lastDigit(written: string): number {
  const [digits = "", exponent = "0"] = written.split("e");
  return 10 ** (Number(exponent) - (digits.split(".")[1]?.length ?? 0));
}

describe("golden values", () => {
  it.each(ROWS)("%s", (_, found, golden) => {
    expect(Math.abs(found - Number(golden))).toBeLessThan(lastDigit(golden));
  });

  it("what is off by two in the last digit written is told", () => {
    expect(lastDigit("0.0040237083")).toBe(1e-10);
    expect(lastDigit("3.7446463e-5")).toBe(1e-12);
  });
});

describe("cases of each other, to twelve digits", () => {
  const same = (left: number, right: number) => expect(left / right).toBeCloseTo(1, 12);

  it("no reserve, no threshold and no queue are Erlang's and the bounded queue's", () => {
    same(trunkReservation(10, 0, 2, 8).standard, erlangB(10, 10));
    same(boundedLine(10, 10, 8).blocking, erlangB(10, 8));
    const all = queueThreshold(10, 30, 30, 3, 9);
    same(all.standard.blocking, boundedLine(10, 30, 12).blocking);
    same(all.priority.wait, boundedLine(10, 30, 12).wait);
  });

  it("those that wait wait for the sum of the tail", () => {
    same(erlangTail(10, 8, 0), erlangC(10, 8).waits);
    same(erlangTail(10, 8, 0) / 2, erlangC(10, 8).wait);
  });

  it.each([
    [1, "deterministic"],
    [2, "exponential"],
    [Math.E, "log-normal"],
  ])("conservation: ranks share one sum of waits, second moment %d (%s)", (secondMoment) => {
    const { priority, standard } = cobhamOneServer(0.2, 0.6, 1, secondMoment);
    same(0.2 * priority + 0.6 * standard, 0.8 * pollaczekKhinchine(0.8, 1, secondMoment));
    const many = cobham(10, 2, 6);
    same(2 * many.priority + 6 * many.standard, 8 * erlangC(10, 8).wait);
  });

  it("one server of many is the one server", () => {
    same(cobham(1, 0.2, 0.6).standard, cobhamOneServer(0.2, 0.6, 1, 2).standard);
    same(erlangC(1, 0.8).wait, pollaczekKhinchine(0.8, 1, 2));
  });
});

import { Command } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_MOST,
  formerSeeds,
  maxTime,
  most,
  replicationSettings,
  seeds,
} from "../../../../src/node/flags/replications.js";
import { workers } from "../../../../src/node/flags/shared.js";

/** As a command with these flags gets them. */
function settings(...words: string[]) {
  const command = new Command()
    .addOption(seeds("how many"))
    .addOption(formerSeeds())
    .addOption(most())
    .addOption(maxTime("how long"))
    .addOption(workers())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return replicationSettings(command.parse(words, { from: "user" }).opts());
}

describe("the flags of replications", () => {
  it.each<[string[], unknown]>([
    [[], null],
    [["--workers", "3"], null],
    [["--seeds", "1"], { kind: "fixed", count: 1 }],
    [["--seeds", "1e5"], { kind: "fixed", count: 100_000 }],
    [["--seeds", "until"], { kind: "decided", most: DEFAULT_MOST }],
    [["--seeds", "until", "--most", "12", "--max-time", "1m"], { kind: "decided", most: 12 }],
  ])("%j ask for %o", (words, plan) => {
    expect(settings(...words).plan).toEqual(plan);
  });

  it("leave threads to the machine and time without a bound unless they say so", () => {
    expect(settings()).toMatchObject({ workers: undefined, maxSeconds: Number.POSITIVE_INFINITY });
    expect(settings("--workers", "8").workers).toBe(8);
  });

  it.each([
    ["90s", 90],
    ["10m", 600],
    ["1.5h", 5400],
  ])("take --max-time %s as %i seconds", (text, seconds) => {
    expect(settings("--seeds", "until", "--max-time", text).maxSeconds).toBe(seconds);
  });

  const count = /'--seeds <n>' .* Write a whole number from 1 to 100000, or "until"\./;
  it.each<[string[], RegExp]>([
    ...["0", "100001", "2.5", "-3", "1e6", "", "forever", " 7"].map((text): [string[], RegExp] => [
      ["--seeds", text],
      count,
    ]),
    [["--replications", "5"], /^--replications is --seeds now$/],
    [["--replications"], /^--replications is --seeds now$/],
    [["--most", "5"], /--most goes with --seeds until/],
    [["--seeds", "5", "--most", "9"], /--most goes with --seeds until/],
    [["--seeds", "5", "--max-time", "9s"], /--max-time goes with --seeds until/],
    [["--seeds", "until", "--most", "none"], /'none' is invalid. Write a whole number from 1 to 100000\./],
    [["--seeds", "until", "--max-time", "10"], /'10' is invalid. Write a time such as/],
    [["--seeds", "until", "--max-time", "0s"], /Write a time above 0/],
    [["--workers", "0"], /'--workers <n>' .* Write a whole number from 1 to 1024/],
    [["--workers", "5000"], /from 1 to 1024/],
  ])("are refused where they make no sense: %j", (words, wanted) => {
    expect(() => settings(...words)).toThrow(wanted);
  });
});

// Two processes of the benchmark taking turns, so that what the machine does to one it does to the other: two builds
// slice by slice at the same work, or one build behind two gateways; timed by each process's own time on a processor,
// and the median of the ratios. Knows commits and processes, not what a case does.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { casesOf } from "./cases.js";
import { gatewayCases } from "./gateway-cases.js";

/** Of the requests of a row, and requests behind a gateway; a slice then takes some tenths of a second. */
const SHARE = 0.1;
const GATED_REQUESTS = 100_000;
const WARM_UP_SLICES = 2;
/** How code is compiled differs from process to process by more than what is looked for: so many of each side. */
const PROCESSES = 5;

/** Those of the rows, which `--against` has, and then those of gateways. */
const sliced = () => [...casesOf(SHARE), ...gatewayCases(GATED_REQUESTS)];

/** Answers every line of the input with the seconds that one more slice of the case took. Ends with the input. */
export async function serveSlices(index: number): Promise<void> {
  const run = sliced()[index]!.prepare();
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = process.cpuUsage();
    const { amount } = run();
    const { user, system } = process.cpuUsage(began);
    process.stdout.write(`${JSON.stringify({ rate: amount / ((user + system) / 1e6) })}\n`);
  }
}

class Side {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(program: string, index: number) {
    this.#process = spawn(process.execPath, [program, "--slices", String(index)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async slice(): Promise<number> {
    this.#process.stdin!.write("go\n");
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("a side of the comparison ended early");
    return (JSON.parse(value) as { readonly rate: number }).rate;
  }

  end(): void {
    this.#process.stdin!.end();
  }
}

const CHECKOUT = resolve(".cache/bench/against");
const git = (...words: string[]) => execFileSync("git", words, { encoding: "utf8" }).trim();

/** The benchmark of a commit, built in a checkout below .cache, with this tree's dependencies where they are the same. */
function built(commit: string): string {
  removeCheckout();
  mkdirSync(dirname(CHECKOUT), { recursive: true });
  git("worktree", "add", "--detach", CHECKOUT, git("rev-parse", commit));
  const lock = (folder: string) => readFileSync(join(folder, "package-lock.json"), "utf8");
  if (lock(CHECKOUT) === lock(".")) symlinkSync(resolve("node_modules"), join(CHECKOUT, "node_modules"));
  else execFileSync("npm", ["ci", "--silent"], { cwd: CHECKOUT });
  const tool = resolve("node_modules/tsdown/dist/run.mjs");
  execFileSync(process.execPath, [tool, "--config", "test/bench/tsdown.config.ts"], { cwd: CHECKOUT });
  return join(CHECKOUT, ".cache/bench/bench.mjs");
}

function removeCheckout(): void {
  if (existsSync(CHECKOUT)) git("worktree", "remove", "--force", CHECKOUT);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

type Rates = readonly [own: number, foreign: number];

/** The rates of slices that a process of each side takes turns with. */
async function slicesOf(ours: Side, theirs: Side, slices: number): Promise<readonly Rates[]> {
  const rates: Rates[] = [];
  for (let slice = -WARM_UP_SLICES; slice < slices; slice++) {
    // Who goes first changes, so that neither always runs behind the other.
    const first = slice % 2 === 0 ? ours : theirs;
    const one = await first.slice();
    const other = await (first === ours ? theirs : ours).slice();
    if (slice >= 0) rates.push(first === ours ? [one, other] : [other, one]);
  }
  ours.end();
  theirs.end();
  return rates;
}

interface Spread {
  readonly ratio: number;
  readonly quartiles: string;
  /** The median of our rates. */
  readonly rate: number;
}

/** Our speed over theirs, over some pairs of processes. */
async function compared(
  ours: () => Side,
  theirs: () => Side,
  pairs: number,
  slices: number,
): Promise<Spread> {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    for (const [own, foreign] of await slicesOf(ours(), theirs(), Math.ceil(slices / pairs))) {
      ratios.push(own / foreign);
      rates.push(own);
    }
  }
  const sorted = [...ratios].sort((a, b) => a - b);
  const [low, high] = [sorted[sorted.length >> 2]!, sorted[(3 * sorted.length) >> 2]!];
  return {
    ratio: median(ratios),
    quartiles: `[${low.toFixed(3)}, ${high.toFixed(3)}]`,
    rate: median(rates),
  };
}

/** Prints, row by row, the speed of this tree over that of the commit: the median over the slices and its quartiles. */
export async function compareWith(commit: string, slices: number): Promise<void> {
  const [here, there] = [fileURLToPath(import.meta.url), built(commit)];
  console.log(`speed of this tree over ${commit}: median of ${slices} alternating slices, and quartiles`);
  for (const [index, { name, unit }] of casesOf(1).entries()) {
    const [ours, theirs] = [here, there].map((program) => () => new Side(program, index));
    const { ratio, quartiles, rate } = await compared(ours!, theirs!, PROCESSES, slices);
    const speed = `${Math.round(rate).toLocaleString("en")} ${unit} per CPU second`;
    console.log(`${name.padEnd(46)} ${ratio.toFixed(3)} ${quartiles}  ${speed}`);
  }
  removeCheckout();
}

/** Prints what a request costs behind each gateway over one behind none: the median over the slices and quartiles. */
export async function compareGateways(slices: number): Promise<void> {
  const program = fileURLToPath(import.meta.url);
  const first = casesOf(SHARE).length;
  console.log(
    `cost of a request over one behind no policy: median of ${slices} alternating slices, and quartiles`,
  );
  for (const [index, { name }] of gatewayCases(GATED_REQUESTS).entries()) {
    const behind = (which: number) => () => new Side(program, first + which);
    const { ratio, quartiles } = await compared(behind(0), behind(index), PROCESSES, slices);
    console.log(`${name.padEnd(46)} ${ratio.toFixed(3)} ${quartiles}`);
  }
}

// Kills the commands that write at random moments, fills their disk and starts two at a time on one output, and looks
// at what is left: outputs whole or absent, and nothing that grows. `npm run soak:writing -- --runs 300 --seed 7`; a
// seed draws the same plan again, though not the same instants.
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import seedrandom from "seedrandom";
import { runProgram } from "../../src/node/program.js";
import { type Ended, install, type Kill, surgefleet } from "./child.js";
import {
  emptyFolder,
  filesIn,
  litterIn,
  resultWords,
  stateOf,
  VARIANTS,
  type Variant,
  type WritingCommand,
  writingCommands,
} from "./commands.js";
import { openSmallDisk, type SmallDisk } from "./full-disk.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "300" },
    seed: { type: "string" },
    minutes: { type: "string" },
    least: { type: "string", default: "25" },
  },
});
const RUNS = Number(values.runs);
const SEED = values.seed ?? String(Math.floor(Math.random() * 1e6));
const MINUTES = Number(values.minutes ?? 45);
/** Runs of each command, below which the soak says nothing. */
const LEAST = Number(values.least);

const SIGNALS = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const;
const ON_ANY_DISK = [...SIGNALS, "two", "two, one killed"] as const;
type Trial = (typeof ON_ANY_DISK)[number] | "full disk";

/** What a command writes where nothing disturbs it. */
interface Usual {
  readonly states: Readonly<Record<Variant, readonly string[]>>;
  readonly seconds: number;
  readonly changes: number;
  readonly pages: number;
}

interface Context {
  readonly root: string;
  /** Undefined where none can be made. */
  readonly disk: SmallDisk | undefined;
  readonly draw: () => number;
  readonly problems: string[];
  readonly counts: Map<string, Map<string, number>>;
}

/** The folder with an earlier result in it, or empty. */
function prepared(command: WritingCommand, at: string, { root, draw }: Context): string[] {
  rmSync(at, { recursive: true, force: true });
  emptyFolder(at);
  if (draw() < 0.5) cpSync(usualFolder(command, root, "a"), at, { recursive: true });
  return statesOf(command, at);
}

function usualFolder({ name }: WritingCommand, root: string, variant: Variant): string {
  return join(root, `usual-${name}-${variant}`);
}

function statesOf({ groups }: WritingCommand, folder: string): string[] {
  return (groups.length === 0 ? [[]] : groups).map((group) => stateOf(folder, group));
}

async function usual(command: WritingCommand, root: string): Promise<Usual> {
  const states: Partial<Record<Variant, string[]>> = {};
  let [seconds, changes, pages] = [0, 0, 0];
  for (const variant of VARIANTS) {
    const folder = emptyFolder(usualFolder(command, root, variant));
    const ended = await surgefleet(command.words(folder, variant), folder);
    if (ended.code !== 0) throw new Error(`${command.name} does not even run: ${ended.stderr}`);
    states[variant] = statesOf(command, folder);
    seconds = ended.seconds;
    changes = ended.changes;
    const sizes = filesIn(folder).map((name) => Math.ceil(statSync(join(folder, name)).size / 4096));
    pages = sizes.reduce((sum, one) => sum + one, 0);
  }
  if (states.a!.join() === states.b!.join()) throw new Error(`${command.name}: its variants do not differ`);
  return { states: states as Usual["states"], seconds, changes, pages };
}

function drawnKill(signal: NodeJS.Signals, { seconds, changes }: Usual, draw: () => number): Kill {
  const isTimed = draw() < 0.3;
  const at = isTimed
    ? { ms: draw() * seconds * 1000 }
    : { change: 1 + Math.floor(draw() * Math.max(1, changes)) };
  return { signal, at };
}

/**
 * What a command may leave that ended so: one that says that all is well has written, one that was killed has or has
 * not, and one that could not has not.
 */
function allowedAfter(
  { code }: Ended,
  before: readonly string[],
  after: readonly string[],
): (readonly string[])[] {
  if (code === 0) return [after];
  return code === 2 ? [before] : [before, after];
}

/** Says what is wrong with the states of the groups, each of which may be one of several. */
function judge(
  command: WritingCommand,
  folder: string,
  allowed: readonly (readonly string[])[],
  mayBePartial: boolean,
): string[] {
  const problems: string[] = [];
  for (const [index, state] of statesOf(command, folder).entries()) {
    if (allowed.some((states) => states[index] === state)) continue;
    if (mayBePartial && command.isWholePart?.(folder, index) === true) continue;
    const files = filesIn(folder).join(" ");
    problems.push(`group ${index + 1} is neither whole nor as it should be: ${state}, with ${files}`);
  }
  return problems;
}

/** What the next command in the same folders leaves: a small one, in this process, that writes a file of its own. */
async function followed(folder: string): Promise<string[]> {
  for (const place of new Set([folder, ...litterIn(folder).map((name) => dirname(join(folder, name)))])) {
    const next = join(place, "next.yaml");
    let told = "";
    const errors = { write: (text: string) => (told += text) };
    const terminal = { output: { write: () => {} }, errors, env: {} };
    const code = await runProgram(["init", next, "--force"], terminal);
    rmSync(next, { force: true });
    if (code !== 0) return [`the next command ends with ${code}: ${told}`];
  }
  return litterIn(folder).map((name) => `the next command leaves ${name}`);
}

async function killed(
  command: WritingCommand,
  signal: NodeJS.Signals,
  known: Usual,
  context: Context,
): Promise<string[]> {
  const { root, draw } = context;
  const folder = join(root, "out");
  const before = prepared(command, folder, context);
  const ended = await surgefleet(command.words(folder, "b"), folder, drawnKill(signal, known, draw));
  const allowed = allowedAfter(ended, before, known.states.b);
  const problems: string[] = [];
  if (signal === "SIGKILL") {
    count(context, command, litterIn(folder).length > 0 ? "left litter" : "left none");
    problems.push(...(await followed(folder)));
  } else {
    problems.push(...litterIn(folder).map((name) => `${signal} leaves ${name}`));
    const isOwnEnd = ended.signal === null && (ended.code === 130 || ended.code === 0);
    if (!isOwnEnd && ended.signal !== signal) problems.push(`ends with ${describe(ended)}`);
  }
  problems.push(...judge(command, folder, allowed, ended.code === 130));
  const states = statesOf(command, folder);
  count(context, command, states.join() === before.join() ? "as before" : "new");
  if (ended.wasHit && ended.code === 130) count(context, command, "exit 130");
  return problems;
}

async function onFullDisk(
  command: WritingCommand,
  known: Usual,
  disk: SmallDisk,
  context: Context,
): Promise<string[]> {
  const { draw } = context;
  const folder = join(disk.path, "out");
  disk.empty();
  const before = prepared(command, folder, context);
  disk.fill(Math.floor(draw() * known.pages));
  const ended = await surgefleet(command.words(folder, "b"), folder);
  const { code, stderr } = ended;
  const problems = litterIn(folder).map((name) => `a full disk leaves ${name}`);
  disk.empty();
  problems.push(...judge(command, folder, allowedAfter(ended, before, known.states.b), false));
  count(context, command, code === 0 ? "had room" : "disk full");
  const isTold = code === 2 && /cannot write .*: the disk is full\n$/.test(stderr);
  if (code !== 0 && !isTold) problems.push(`a full disk ends with ${code}: ${stderr}`);
  return problems;
}

async function two(
  command: WritingCommand,
  isOneKilled: boolean,
  known: Usual,
  context: Context,
): Promise<string[]> {
  const { root, draw } = context;
  const folder = join(root, "out");
  prepared(command, folder, context);
  const kill = isOneKilled ? drawnKill("SIGKILL", known, draw) : undefined;
  const ends = await Promise.all([
    surgefleet(command.words(folder, "a"), folder),
    surgefleet(command.words(folder, "b"), folder, kill),
  ]);
  const problems = isOneKilled ? await followed(folder) : [];
  // One at least was not killed, and has written.
  const allowed = [known.states.a, known.states.b];
  problems.push(...judge(command, folder, allowed, false));
  problems.push(...litterIn(folder).map((name) => `two at a time leave ${name}`));
  for (const [index, ended] of ends.entries()) {
    if (index === 1 && isOneKilled) continue;
    if (ended.code !== 0) problems.push(`one of two ends with ${describe(ended)}`);
  }
  const states = statesOf(command, folder).join();
  count(context, command, states === known.states.a.join() ? "a was last" : "b was last");
  return problems;
}

function describe({ code, signal, stderr }: Ended): string {
  return `${code ?? signal}: ${stderr.trim()}`;
}

function count({ counts }: Context, { name }: WritingCommand, what: string): void {
  const row = counts.get(name) ?? new Map<string, number>();
  counts.set(name, row.set(what, (row.get(what) ?? 0) + 1));
}

function tried(trial: Trial, command: WritingCommand, known: Usual, context: Context): Promise<string[]> {
  if (trial === "full disk") return onFullDisk(command, known, context.disk!, context);
  if (trial === "two") return two(command, false, known, context);
  if (trial === "two, one killed") return two(command, true, known, context);
  return killed(command, trial, known, context);
}

/** Commands that were run too seldom for the soak to say anything of them. */
function tooFew(commands: readonly WritingCommand[], { counts }: Context): string[] {
  const few = commands.map(({ name }) => ({ name, runs: counts.get(name)?.get("runs") ?? 0 }));
  return few
    .filter(({ runs }) => runs < LEAST)
    .map(({ name, runs }) => `${name}: ${runs} runs, fewer than ${LEAST}`);
}

async function main(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "surgefleet-soak-"));
  mkdirSync(join(root, "inputs"));
  install(join(root, "package"));
  const small = openSmallDisk(join(root, "disk"));
  const disk = typeof small === "string" ? undefined : small;
  const trials: readonly Trial[] = [...ON_ANY_DISK, ...(disk === undefined ? [] : (["full disk"] as const))];
  const context: Context = { root, disk, draw: seedrandom(SEED), problems: [], counts: new Map() };
  const { problems, counts } = context;
  console.log(`${RUNS} runs, seed ${SEED}, at most ${MINUTES} minutes`);
  if (typeof small === "string") console.log(`no full disk is tried, since ${small}`);
  const started = performance.now();
  let done = 0;
  const commands = writingCommands(join(root, "inputs"));
  try {
    for (const variant of VARIANTS) await surgefleet(resultWords(join(root, "inputs"), variant), root);
    const known = new Map<WritingCommand, Usual>();
    for (const command of commands) known.set(command, await usual(command, root));
    for (; done < RUNS && performance.now() - started < MINUTES * 60_000; done++) {
      const command = commands[done % commands.length]!;
      if (done % 50 === 0) console.log(`${done} done`);
      const trial = trials[Math.floor(done / commands.length) % trials.length]!;
      count(context, command, "runs");
      count(context, command, trial);
      for (const problem of await tried(trial, command, known.get(command)!, context)) {
        problems.push(`run ${done + 1}, ${command.name}, ${trial}: ${problem}`);
        console.log(problems.at(-1));
      }
    }
  } finally {
    disk?.close();
    rmSync(root, { recursive: true, force: true });
  }
  console.table(Object.fromEntries([...counts].map(([name, row]) => [name, Object.fromEntries(row)])));
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const few = tooFew(commands, context);
  for (const one of few) console.log(one);
  const without = disk === undefined ? ", without a full disk" : "";
  const end = `${done} of ${RUNS} runs in ${minutes} minutes, seed ${SEED}${without}`;
  console.log(`${end}: ${problems.length} problems`);
  if (problems.length > 0 || done < RUNS || few.length > 0) process.exitCode = 1;
}

await main();

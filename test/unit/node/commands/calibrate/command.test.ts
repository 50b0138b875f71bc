// The command from its words to its files; what it computes is tested with src/core/calibration.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseProfile } from "../../../../../src/core/internal.js";
import { runProgram } from "../../../../../src/node/program.js";

const STEPS = join(import.meta.dirname, "../../../../fixtures/steps/made.csv");

async function calibrate(...words: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["calibrate", ...words], { output, errors, env: {} });
  return { code, stdout, stderr };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "surgefleet-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("calibrate", () => {
  it("prints coefficients and errors, and writes a profile and a picture", async () => {
    const path = folder();
    const [profile, picture] = [join(path, "new/mine.json"), join(path, "mine.svg")];
    const { code, stdout, stderr } = await calibrate(
      STEPS,
      "--out",
      profile,
      "--svg",
      picture,
      "--name",
      "mine",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mine\n[\s\S]*weights\.constant[\s\S]*decode 1-8[\s\S]*all +40 +0\./);
    expect(stderr.split("\n").slice(0, 2)).toEqual([`wrote ${profile}`, `wrote ${picture}`]);
    expect(parseProfile(readFileSync(profile, "utf8"), profile)).toMatchObject({
      name: "mine",
      kind: "measured",
    });
    expect(readFileSync(picture, "utf8")).toMatch(/^<svg /);
    expect(readdirSync(join(path, "new"))).toEqual(["mine.json"]);
  });

  it("prints JSON, with the error on other logs, and takes the padding as told", async () => {
    const { stdout } = await calibrate(STEPS, "--json", "--score", STEPS, "--rows", "decode=1,2,4,8:64:8");
    const { profile, fitted, scored } = JSON.parse(stdout);
    expect(profile.rows).toEqual({ decode: [1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64] });
    expect(scored).toEqual(fitted);
    expect(fitted[0]).toMatchObject({ file: STEPS, all: { points: 40 } });
  });

  it("prints the same again", async () => {
    expect(await calibrate(STEPS)).toEqual(await calibrate(STEPS));
  });

  it.each<[string, string[], RegExp]>([
    ["a missing file", ["missing.csv"], /missing\.csv: there is no such file/],
    ["no file", [], /missing required argument 'steps'/],
    ["experts that are none", [STEPS, "--experts", "8"], /--experts .*'8' is invalid.*8\/128/],
    ["more active experts than there are", [STEPS, "--experts", "9/8"], /--experts .*'9\/8' is invalid/],
    ["an error that is no share", [STEPS, "--max-error", "10"], /--max-error .*'10' is invalid.*10%/],
    ["a cache of nothing", [STEPS, "--kv-tokens", "0"], /--kv-tokens .*'0' is invalid/],
    ["sizes that are none", [STEPS, "--rows", "8,16"], /--rows .*8,16: begin with decode= or mixed=/],
    [
      "a fit worse than asked for",
      [STEPS, "--max-error", "0.1%"],
      /made\.csv: the mean error is 0\.\d %, above 0\.1 %/,
    ],
  ])("refuses %s, with exit code 2 and nothing on stdout", async (_, words, wanted) => {
    const { code, stdout, stderr } = await calibrate(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(wanted);
  });

  it("writes nothing where it refuses", async () => {
    const path = folder();
    const [steps, profile] = [join(path, "seconds.csv"), join(path, "mine.json")];
    const lines = readFileSync(STEPS, "utf8").trim().split("\n");
    const seconds = lines.map((line, index) =>
      index === 0 ? line : line.replace(/[^,]*$/, (millis) => String(Number(millis) / 1000)),
    );
    writeFileSync(steps, `${seconds.join("\n")}\n`);
    const { code, stderr } = await calibrate(steps, "--out", profile);
    expect([code, existsSync(profile)]).toEqual([2, false]);
    expect(stderr).toMatch(/these look like seconds/);
  });
});

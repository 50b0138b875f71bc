// Builds the program before the tests that run it as others do, unless what started them has just done so. No TypeScript:
// Vitest itself loads it, as Node has it.
import { execFileSync } from "node:child_process";

export default function setup() {
  if (process.env["SURGEFLEET_BUILT"] === "1") return;
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}

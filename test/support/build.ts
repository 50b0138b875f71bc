// Builds the program before the tests that run it as others do, unless who started them has just done so.
import { execFileSync } from "node:child_process";

export default function setup(): void {
  if (process.env["SURGEFLEET_BUILT"] === "1") return;
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}

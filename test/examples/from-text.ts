// A scenario file: its lines are named in what is wrong with it, and values may be laid over it.
import { formatIssue, loadScenario } from "../../src/core/index.js";

const text = "schemaVersion: 1\nduration: 10 minutes\nextends: base.yaml\n";
const base = "inventory: { gpus: 1 }\npols: {}\n";
const loaded = loadScenario(
  { file: "fleet.yaml", text },
  {
    read: (reference) => ({ file: reference, text: base }),
    overrides: [{ path: "seed", value: "7", origin: "--set" }],
  },
);
if (!loaded.ok) console.log(loaded.issues.map(formatIssue).join("\n"));

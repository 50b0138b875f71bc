// The import rules of the folder tree. A folder imports only what stands below it; see docs/architecture.md.
const only = (folder, ...allowed) => ({
  name: `${folder}-imports-downward`,
  severity: "error",
  comment: `src/core/${folder} may import only: ${[folder, ...allowed].join(", ")}`,
  from: { path: `^src/core/${folder}/` },
  to: { path: "^src/", pathNot: `^src/core/(${[folder, ...allowed].join("|")})/` },
});

/** What works on recordings of real engines stands above the engine. */
const RECORDINGS = [
  "base",
  "stats",
  "random",
  "traffic",
  "replica",
  "scenario",
  "result",
  "report",
  "engine",
];

module.exports = {
  forbidden: [
    only("base"),
    only("kernel", "base"),
    only("random", "base"),
    only("stats", "base"),
    only("gateway", "base"),
    only("replica", "base", "kernel", "random", "stats"),
    only("fleet", "base", "kernel", "random", "stats", "gateway", "replica"),
    only("traffic", "base", "kernel", "random", "stats", "gateway", "replica"),
    only("result", "base", "stats"),
    only("report", "base", "stats", "result"),
    only("scenario", "base", "result"),
    only("calibration", ...RECORDINGS),
    only(
      "engine",
      "base",
      "kernel",
      "random",
      "stats",
      "gateway",
      "replica",
      "fleet",
      "traffic",
      "scenario",
      "result",
    ),
    only("validation", ...RECORDINGS, "calibration"),
    {
      name: "core-is-pure",
      severity: "error",
      comment: "src/core runs in a browser: no Node built-ins, no process, no files",
      from: { path: "^src/core/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "csv-stringify-only-in-node",
      severity: "error",
      comment: "csv-stringify pulls Node types into whatever imports it",
      from: { pathNot: "^src/node/" },
      to: { path: "csv-stringify" },
    },
    {
      name: "node-uses-the-core-entry",
      severity: "error",
      comment: "src/node sees the core only through src/core/index.ts",
      from: { path: "^src/node/" },
      to: { path: "^src/core/", pathNot: "^src/core/index[.]ts$" },
    },
    {
      name: "core-does-not-know-node",
      severity: "error",
      from: { path: "^src/core/" },
      to: { path: "^src/(node|web)/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-test-code-in-source",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^test/" },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-dev-dependency-in-source",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};

// The import rules of the folder tree, made from architecture.json: a room imports only the rooms that its entry names,
// and a library is imported only in the rooms that its entry names. docs/architecture.md is made from the same list.
const { rooms, libraries } = require("./architecture.json");

const roomRule = ({ room, imports }) => ({
  name: `${room}-imports-downward`,
  severity: "error",
  comment: `src/core/${room} may import only: ${[room, ...imports].join(", ")}`,
  from: { path: `^src/core/${room}/` },
  to: { path: "^src/", pathNot: `^src/core/(${[room, ...imports].join("|")})/` },
});

/** Where the files of a room lie: those of the core by their name, "node" and "web" beside it. */
const folderOf = (room) => (room === "node" || room === "web" ? `src/${room}` : `src/core/${room}`);

const libraryRule = ({ library, rooms: allowed }) => ({
  name: `${library}-in-its-rooms`,
  severity: "error",
  comment: `${library} may be imported only in: ${allowed.join(", ")}`,
  from: { path: "^src/", pathNot: `^(${allowed.map(folderOf).join("|")})/` },
  to: { path: `node_modules/${library.replace("*", "")}` },
});

module.exports = {
  forbidden: [
    ...rooms.map(roomRule),
    ...libraries.map(libraryRule),
    {
      name: "core-is-pure",
      severity: "error",
      comment: "src/core runs in a browser: no Node built-ins, no process, no files",
      from: { path: "^src/core/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "node-uses-the-core-entry",
      severity: "error",
      comment:
        "src/node sees the core only through the library, src/core/index.ts, and what stands beside it: internal.ts, contracts.ts",
      from: { path: "^src/node/" },
      to: { path: "^src/core/", pathNot: "^src/core/(index|internal|contracts)[.]ts$" },
    },
    {
      name: "core-does-not-know-node",
      severity: "error",
      from: { path: "^src/core/" },
      to: { path: "^src/(node|web)/" },
    },
    {
      name: "web-knows-the-core-entry-by-type",
      severity: "error",
      comment: "src/web takes types from the entries of src/core, so that a page carries no simulator",
      from: { path: "^src/web/" },
      to: { path: "^src/core/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "realm-stands-alone",
      severity: "error",
      comment:
        "src/realm runs where a user's module does: it has the language, and of the core what is written for there",
      from: { path: "^src/realm/" },
      to: { path: "^src/", pathNot: "^src/(realm|core/custom)/" },
    },
    {
      name: "nobody-knows-the-realm",
      severity: "error",
      comment: "src/realm is read as a script of its own: node has it bundled, and imports none of it",
      from: { path: "^src/(core|node|web)/" },
      to: { path: "^src/realm/" },
    },
    {
      name: "web-stands-alone",
      severity: "error",
      comment:
        "src/web becomes files of its own: no other folder imports it, and it imports the core's entries only",
      from: { path: "^src/web/" },
      to: { path: "^src/", pathNot: ["^src/web/", "^src/core/(index|internal)[.]ts$"] },
    },
    {
      name: "node-does-not-know-web",
      severity: "error",
      from: { path: "^src/node/" },
      to: { path: "^src/web/" },
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
      comment: "what src/web imports is built into its files, so that it need not be installed",
      from: { path: "^src/", pathNot: "^src/web/" },
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

// The contracts of what decides, for the command that holds a user's own to them. An entry of its own, so that what
// they are tried with is loaded only there.

export { contractOf } from "./tools/contracts/custom.js";

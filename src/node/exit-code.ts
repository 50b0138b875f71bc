// The exit codes, which scripts and CI rely on; `surgefleet --help` lists them.

export const ExitCode = {
  ok: 0,
  internalError: 1,
  /** Usage, an invalid scenario or trace, a file that cannot be read or written. */
  invalidInput: 2,
  /** Nothing failed, but a threshold is undecided: a failure of `check`, and of `run` where asked for. */
  undecided: 3,
  /** A threshold was not met, or had no data. */
  thresholdFailed: 99,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

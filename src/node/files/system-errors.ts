// What the common system errors mean to a person who named a file, to read it or to write it. Knows codes, not files.
import { SurgefleetError } from "../../core/index.js";
import { visible } from "../../core/internal.js";

type Reasons = Readonly<Record<string, string>>;

const OF_A_PATH: Reasons = {
  ENOTDIR: "a part of its path is not a directory",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ERR_INVALID_ARG_VALUE: "no file can have such a name",
  EMFILE: "too many files are open",
  EIO: "the device reports an error",
};

const OF_READING: Reasons = {
  ...OF_A_PATH,
  ENOENT: "there is no such file",
  EISDIR: "it is a directory, not a file",
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
  ENXIO: "it is a device or a socket, not a file",
};

const OF_WRITING: Reasons = {
  ...OF_A_PATH,
  ENOENT: "its folder is not there, or was taken away",
  EACCES: "there is no permission to write there",
  EPERM: "there is no permission to write there",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the system allows",
  EEXIST: "a file is in the way",
  EISDIR: "a directory is in the way",
};

/** Runs the action; a system error becomes NOT_FOUND with the file and the reason. */
export function reading<Value>(path: string, action: () => Value): Value {
  return explained(action, (code) => {
    return new SurgefleetError("NOT_FOUND", `cannot read ${visible(path)}: ${OF_READING[code] ?? code}`);
  });
}

/** Runs the action; a system error becomes USAGE with the file and the reason. */
export function writing<Value>(path: string, action: () => Value): Value {
  return explained(action, (code) => {
    return new SurgefleetError("USAGE", `cannot write ${visible(path)}: ${OF_WRITING[code] ?? code}`);
  });
}

function explained<Value>(action: () => Value, explain: (code: string) => SurgefleetError): Value {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof SurgefleetError || code === undefined) throw error;
    throw explain(code);
  }
}

/** The system's code of an error, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}

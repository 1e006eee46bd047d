/** What can be wrong with a saved model; stable, for programs to switch on. */
export type SavedModelErrorCode =
  | "invalid-json"
  | "unknown-format"
  | "unknown-version"
  | "unknown-structure"
  | "broken-model"
  | "unsavable-value"
  | "saved-without-data";

/**
 * A saved model that cannot be read, or a question that needs the rows it was saved without.
 *
 * The message reads `adjective noun: value; hint`, in lower case.
 */
export class SavedModelError extends Error {
  override readonly name = "SavedModelError";
  /** Which kind of misuse. */
  readonly code: SavedModelErrorCode;
  /** The offending value, or the place in the file where it stands. */
  readonly value: unknown;
  /** What to do instead. */
  readonly hint: string;

  constructor(code: SavedModelErrorCode, problem: string, value: unknown, hint: string) {
    super(`${problem}; ${hint}`);
    this.code = code;
    this.value = value;
    this.hint = hint;
  }
}

/** What is found at one place of a file is not what belongs there. */
export function broken(path: string, problem: string): SavedModelError {
  return new SavedModelError(
    "broken-model",
    `broken saved model: ${path === "" ? "the whole" : path} ${problem}`,
    path,
    "the file is damaged or was not written by saveModel",
  );
}

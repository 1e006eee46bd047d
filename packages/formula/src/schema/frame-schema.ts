/** What a model frame learned from its table: all that is needed to build designs on new rows. JSON. */
export interface FrameSchema {
  readonly formula: string;
  /** What `.` stood for. */
  readonly dotNames: readonly string[];
  readonly doubleBar: "diagonal" | "lme4";
  /** What calls such as `poly` learned, by their text. */
  readonly states: Readonly<Record<string, unknown>>;
}

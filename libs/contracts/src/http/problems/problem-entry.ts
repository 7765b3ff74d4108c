/** A code as the contract has it. Words in backticks are names. */
export interface ProblemEntry {
  /** The kind of error follows from it. */
  readonly status: number;
  /** Beside that one. */
  readonly otherStatuses?: readonly number[];
  /** What an answer says, where it has no more to say of its own case. */
  readonly message: string;
  /** What it means, to whoever meets it for the first time. */
  readonly meaning: string;
  /** What the client should do. */
  readonly remedy: string;
}

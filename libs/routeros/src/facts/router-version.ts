/** What of RouterOS depends on its version (which first had it: measured over the inspect dumps of 7.9 to 7.23). */
export interface RouterVersion {
  readonly text: string;
  /** The oldest release that the procedure is written and tested for (6.49). */
  readonly supported: boolean;
  /** `:onerror` catches an error with its message (7.13). */
  readonly catchesMessages: boolean;
  /** `/execute` over the API, also detached, and `as-string` (7). */
  readonly executes: boolean;
  /** `/file/read` in chunks (7.13). */
  readonly readsFiles: boolean;
  /** Exports leave secrets out unless asked (7); before, they must be told to. */
  readonly hidesSecrets: boolean;
}

/** From `/system/resource/print`'s `version`, e.g. `7.19.4 (stable)`. What cannot be read counts as old. */
export const parseVersion = (text: string): RouterVersion => {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(text) ?? [];
  const atLeast = (wantedMajor: number, wantedMinor: number): boolean =>
    Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
  return {
    text,
    supported: atLeast(6, 49),
    catchesMessages: atLeast(7, 13),
    executes: atLeast(7, 1),
    readsFiles: atLeast(7, 13),
    hidesSecrets: atLeast(7, 1),
  };
};

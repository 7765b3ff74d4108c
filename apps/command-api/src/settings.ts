/** What of the configuration decides about commands. */
export interface Settings {
  /** An author may approve and launch; for organizations of one. */
  readonly allowSelfAuthorization: boolean;
  /** Sites that one script may target. */
  readonly maximumSites: number;
  /** For how long after a launch, or a request for a test, a script may still be started at a site. */
  readonly executionWindowMillis: number;
}

/** What Nest injects them by. */
export const SETTINGS = Symbol('Settings');

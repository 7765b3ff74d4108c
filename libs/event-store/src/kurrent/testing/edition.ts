/** What two releases do differently on the wire. */
export interface Edition {
  readonly serverVersion: string;
  /** Every message of an answer, for whoever accepts gzip. */
  readonly compresses: boolean;
  readonly maxAppendBytes: number;
  /** A filtered subscription that has caught up says how far it has looked. */
  readonly checkpointWhenCaughtUp: boolean;
  /** A subscription to all from behind the end: goes back to what is appended next, or stays silent. */
  readonly goesBackFromBehindTheEnd: boolean;
  /** A position between two records: refused before the confirmation by an exception, or after it by a reason. */
  readonly refusesPositions: 'at once' | 'after the confirmation';
  readonly words: {
    readonly noType: string;
    readonly noContentType: string;
    readonly noStreamName: string;
    readonly badCount: string;
    readonly fromEndForwards: string;
    readonly badPosition: (position: bigint) => string;
  };
}

const missing = (property: string): string =>
  `Status(StatusCode="InvalidArgument", Detail="Required Metadata Property '${property}' is missing")`;

export const editions = {
  '23.10': {
    serverVersion: '23.10.8',
    compresses: false,
    maxAppendBytes: 1024 * 1024,
    checkpointWhenCaughtUp: false,
    goesBackFromBehindTheEnd: true,
    refusesPositions: 'at once',
    words: {
      noType: 'The given key was not present in the dictionary.',
      noContentType: 'The given key was not present in the dictionary.',
      noStreamName: "Value cannot be null. (Parameter 'value')",
      badCount: 'Unexpected ReadStreamResult: Error',
      fromEndForwards: 'Unexpected ReadStreamResult: Error',
      badPosition: () => 'Unexpected ReadAllResult: Error',
    },
  },
  '26.1': {
    serverVersion: '26.1.0-prerelease',
    compresses: true,
    maxAppendBytes: 16 * 1024 * 1024,
    checkpointWhenCaughtUp: true,
    goesBackFromBehindTheEnd: false,
    refusesPositions: 'after the confirmation',
    words: {
      noType: missing('type'),
      noContentType: missing('content-type'),
      noStreamName: "Invalid stream ID:  (Parameter 'eventStreamIds')",
      badCount: "Unexpected ReadStreamResult: Error >> maxCount should be positive. (Parameter 'maxCount')",
      fromEndForwards: "Unexpected ReadStreamResult: Error >> fromEventNumber should be non negative. (Parameter 'fromEventNumber')",
      badPosition: (position) =>
        `Unexpected ReadAllResult: InvalidPosition >> Log record at actual pos ${position} has non-positive length: 0.  in chunk #0-0 (chunk-000000.000000).`,
    },
  },
} as const satisfies Record<string, Edition>;

export type EditionName = keyof typeof editions;

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditionName } from '../edition.js';
import type { MethodName } from '../protocol.js';

/** What a client did and what a server answered. Positions are those of the recording; `#` stands for a running number. */
export type Step =
  | readonly [call: number, action: 'send' | 'receive', message: Message, only?: EditionName]
  | readonly [call: number, action: 'end' | 'cancel' | 'quiet', nothing?: null, only?: EditionName]
  | readonly [call: number, action: 'status', status: RecordedStatus, only?: EditionName];

export type RecordedMethod = Exclude<MethodName, 'features' | 'gossip'>;

export type Message = Readonly<Record<string, unknown>>;

export interface RecordedStatus {
  readonly code: number;
  readonly details?: string;
  readonly trailers?: Readonly<Record<string, string>>;
  readonly trailersOnly?: boolean;
}

export interface Transcript {
  readonly scenario: string;
  readonly about: string;
  readonly calls: readonly { readonly method: RecordedMethod; readonly about: string }[];
  readonly steps: readonly Step[];
}

const folder = join(import.meta.dirname, '..', 'transcripts');

/**
 * The recordings of two real servers, in `transcripts/`: what they answered, without what changes from run to run. Left out are calls
 * that the client in use cannot make and messages of many megabytes.
 */
export const transcripts = (): readonly Transcript[] =>
  readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Transcript);

import type { z } from 'zod';
import type { ProblemCode } from '../problem.js';
import type { Scope } from '../scopes.js';
import type { HeaderName, PathParameter } from './parameters.js';
import type { AnswerHeader } from './answer-headers.js';

/** Which service serves an operation; `each`: both, each for itself. */
type ServedBy = 'command-api' | 'query-api' | 'each';

interface Example {
  readonly summary?: string;
  readonly value: unknown;
}

export type Examples = Readonly<Record<string, Example>>;

/** A body that is sent or answered. */
export interface Content {
  readonly mediaType: string;
  readonly schema: z.ZodType;
  /** A bare array of `schema`. */
  readonly isList?: boolean;
  /** `text/event-stream`: the data of each event, by its name. */
  readonly events?: Readonly<Record<string, z.ZodType>>;
  readonly examples?: Examples;
}

export interface Answer {
  readonly description: string;
  /** Beyond `Request-Id`, which every answer has. */
  readonly headers?: readonly AnswerHeader[];
  readonly content?: Content;
}

/** One thing that can be asked of the API: what the document says, the client is made from, and the services' tests hold routes to. */
export interface Operation {
  /** Names it in the document, and the client's method. */
  readonly id: string;
  readonly servedBy: ServedBy;
  /** About one process, so that it means nothing behind the gateway. */
  readonly isOfProcess?: true;
  readonly tag: Tag;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Of a GET that has an effect, or never ends: `HEAD` is 405 there, and goes with every other GET. */
  readonly hasNoHead?: true;
  /** With `{name}` for parameters. */
  readonly path: string;
  /** What the token must allow; `public`: no token is looked at. */
  readonly access: 'public' | readonly [Scope, ...Scope[]];
  readonly summary: string;
  readonly description: string;
  readonly pathParameters?: readonly PathParameter[];
  /** The very object that the controller validates with. */
  readonly query?: z.ZodObject;
  readonly headers?: readonly HeaderName[];
  /** The very object that the controller validates with. */
  readonly body?: { readonly schema: z.ZodType; readonly examples: Examples };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** `page`: all its errors are among its answers, for people. */
  readonly tellsErrorsAs?: 'page';
  /** Beyond those that follow from `access`, `query`, `headers` and `body`. */
  readonly problems: readonly ProblemCode[];
}

export const tags = {
  'Scheduled scripts': 'What runs where and when, and how far it is.',
  Authorization: 'Nothing runs before somebody other than its author has approved it.',
  Executions: 'One run of a script at one site.',
  Sites: 'The routers, as we reach and trust them.',
  Service: 'About the service itself.',
} as const;

export type Tag = keyof typeof tags;

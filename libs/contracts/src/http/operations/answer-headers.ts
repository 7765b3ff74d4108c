import { exampleEntityTag, exampleIds } from '../resource-fields.js';

/** All are text. */
interface DescribedHeader {
  /** Where it is not the name under which it stands here. */
  readonly name?: string;
  readonly description: string;
  readonly pattern?: string;
  readonly example?: string;
  /** Not with every answer of that status. */
  readonly sometimes?: true;
}

export const answerHeaders = {
  'Request-Id': {
    description: 'Names the request in our logs: yours, if you sent one of 1 to 128 characters `A-Z a-z 0-9 _ . : -`, else a new one.',
    example: 'e0d9b3a4-9d0c-4c1b-8a0e-3f2a5b7c9d10',
  },
  ETag: {
    description:
      '`"<version>-<digest>"`. The version counts the changes of what was decided: creation, change, approval, cancellation, launch. The digest ' +
      'covers the body without `t_minus`. For `If-Match`, `If-None-Match` and, its number alone, `Min-Version`.',
    pattern: '^"[1-9]\\d*-[\\w-]+"$',
    example: exampleEntityTag,
  },
  BackupETag: {
    name: 'ETag',
    description: 'The SHA-256 of the text in lower-case hexadecimal, in quotation marks. For `If-None-Match`.',
    pattern: '^"[0-9a-f]{64}"$',
    example: '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
  },
  ReferenceETag: {
    name: 'ETag',
    description: '`W/"<digest>"`: a weak validator of what is served, compressed or not, and no version. For `If-None-Match`.',
    pattern: '^W/"[\\w-]+"$',
    example: 'W/"n4bQgYhMfWWaL-qgxVrQFa"',
  },
  Location: {
    description: 'Where the new resource is, relative to the API.',
    example: `/scripts/scheduled/${exampleIds.script}`,
  },
  Link: {
    description:
      '`<…>; rel="next"`: the address of the next page, relative to the API. Absent on the last page. Follow it as it is; cursors have no meaning ' +
      'of their own.',
    example: '</scripts/scheduled?limit=1000&cursor=WyIwMThmNWJkYS00NjkwLTc0MzItODQ3Mi0zNThiMjczNGYxOWIiXQ>; rel="next"',
    sometimes: true,
  },
  'Cache-Control': {
    description:
      'How the answer may be kept: `no-store`, or `no-cache`, to be asked for again each time. `private`: for this caller alone.',
  },
  'Retry-After': { description: 'After how many seconds asking again may help.', example: '1', sometimes: true },
  Allow: { description: 'The methods that this path serves.' },
} as const satisfies Record<string, DescribedHeader>;

export type AnswerHeader = keyof typeof answerHeaders;

export type MalformedMessageReason = 'header_missing' | 'header_invalid' | 'value_not_json' | 'data_invalid' | 'no_route';

/** What lies on a topic, or is on its way to one, is not what was promised. Names the place, never the content. */
export class MalformedMessage extends Error {
  readonly code = 'malformed_message';

  constructor(
    readonly reason: MalformedMessageReason,
    /** The header, or the paths within the data. */
    readonly where: string,
  ) {
    super(`malformed message (${reason}): ${where}`);
    this.name = 'MalformedMessage';
  }
}

import { hash } from 'node:crypto';
import type { Timestamp } from '@scheduled-scripts/domain';
import { toMessage, type DomainEvent, type EventMessage } from '../messages/index.js';

/** The same UUID of version 7 for the same names. */
export const idOf = (...names: readonly (string | number)[]): string => {
  const hex = hash('sha256', JSON.stringify(names));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** Plays the event store: gives each event its revision and turns it into the message that is published. */
export class Recorder {
  private readonly revisions = new Map<string, number>();

  constructor(private readonly organizationId: string) {}

  record(stream: string, event: DomainEvent): EventMessage {
    const revision = this.revisions.get(stream) ?? 0;
    this.revisions.set(stream, revision + 1);
    const id = idOf(stream, revision);
    const { organizationId } = this;
    const at: Timestamp = event.at;
    const metadata = { organizationId, actor: event.by, at, correlationId: id, causationId: id };
    return toMessage({ id, stream, revision, type: event.type, data: { ...event.data }, metadata });
  }
}

import type { Circuit } from './circuit.js';
import { SummaryUnavailable, unavailabilities, type SummaryWriter, type WriterName } from './summary-writer.js';

/** `resting`: it was not even asked. `bug`: it broke its own port. */
export const fallbackReasons = [...unavailabilities, 'resting', 'bug'] as const;

export type FallbackReason = (typeof fallbackReasons)[number];

export interface Written {
  readonly summary: string;
  readonly writer: WriterName;
}

/** Writes, or rejects when `signal` has aborted. */
export type WriteSummary = (script: string, signal: AbortSignal) => Promise<Written>;

export interface FirstChoiceOptions {
  readonly first: SummaryWriter;
  /** Writes when the first cannot; must always be able to. */
  readonly second: SummaryWriter;
  readonly circuit: Circuit;
  readonly onFallback: (reason: FallbackReason, status: number | undefined) => void;
}

const by = async (writer: SummaryWriter, script: string, signal: AbortSignal): Promise<Written> => ({
  summary: await writer.write(script, signal),
  writer: writer.name,
});

export const only =
  (writer: SummaryWriter): WriteSummary =>
  (script, signal) =>
    by(writer, script, signal);

/** An answer that is no use proves that there are answers: only silence and refusals open the circuit. */
const isOutage = (reason: FallbackReason): boolean => reason !== 'unfit_answer' && reason !== 'bug';

/** Asks the first writer; whatever is wrong with it, the second one writes. */
export const firstChoice =
  ({ first, second, circuit, onFallback }: FirstChoiceOptions): WriteSummary =>
  async (script, signal) => {
    if (!circuit.admits()) {
      onFallback('resting', undefined);
      return by(second, script, signal);
    }
    try {
      const written = await by(first, script, signal);
      circuit.succeeded();
      return written;
    } catch (error) {
      signal.throwIfAborted();
      const [reason, status] = error instanceof SummaryUnavailable ? [error.reason, error.status] : (['bug', undefined] as const);
      if (isOutage(reason)) circuit.failed();
      else circuit.succeeded();
      onFallback(reason, status);
      return by(second, script, signal);
    }
  };

import { hash } from 'node:crypto';
import { timestampOfMillis, type BackupTaken, type FailureReason, type SiteExecution } from '@scheduled-scripts/domain';
import { RouterRefused } from '@scheduled-scripts/routeros';
import { storeBackup } from '@scheduled-scripts/site-directory/backups';
import type { Queryable } from '@scheduled-scripts/postgres';
import { BackupFailed, takeBackup } from '../router/backup.js';
import type { Device } from '../router/device.js';
import { objectNames } from '../router/object-names.js';
import { complaintOf } from '../router/parse-complaint.js';
import { wrapperSource } from '../router/wrapper-source.js';
import { patiently } from './patience.js';
import { ScriptTextMissing, type ScriptTexts } from './script-text.js';

export interface PrepareOptions {
  readonly texts: ScriptTexts;
  /** Where configurations are kept. */
  readonly archive: Queryable;
}

interface Hindrance {
  readonly ok: false;
  readonly reason: FailureReason;
  readonly message: string;
}

export type Prepared = { readonly ok: true; readonly backup: BackupTaken | null } | Hindrance;

const hindrance = (reason: FailureReason, message: string): Hindrance => ({ ok: false, reason, message });

const parseTimeoutMillis = 30_000;

/** The router's own view of the text, without running it: it is parsed from the entry, so that nothing has to be quoted. */
const syntaxError = async (device: Device, name: string): Promise<string | null> => {
  if (!device.facts.version.executes) return null;
  const look = `=script=:put [:parse [/system script get "${name}" source]]`;
  return complaintOf((await device.command('/execute', [look, '=as-string='], parseTimeoutMillis)).ret ?? '');
};

const backUp = async (device: Device, archive: Queryable, execution: SiteExecution, signal: AbortSignal): Promise<BackupTaken> => {
  const { executionId, organizationId, siteId } = execution;
  const { text, sha256 } = await takeBackup(device, executionId, signal);
  const takenAt = timestampOfMillis(Date.now());
  await patiently(signal, () => storeBackup(archive, { organizationId, executionId, siteId, text, sha256, takenAt }));
  return { sha256, bytes: text.length, takenAt };
};

/** The script, read back and checked, the wrapper, and the ticket last; `null` when all of it lies there. */
const layOut = async (device: Device, execution: SiteExecution, text: string): Promise<Hindrance | null> => {
  const { executionId } = execution;
  const names = objectNames(executionId);
  await device.addEntry(executionId, names.script, text, 'prepared');
  const found = await device.sourceOf(names.script);
  if (found === null || hash('sha256', found) !== execution.scriptSha256) {
    return hindrance('not_started', 'the router did not keep the script as it was sent');
  }
  const said = await syntaxError(device, names.script);
  if (said !== null) return hindrance('syntax_error', said);
  await device.addEntry(executionId, names.wrapper, wrapperSource(device.installation, executionId, device.facts.version), 'wrapper');
  await device.addEntry(executionId, names.ticket, '', 'ticket');
  return null;
};

/**
 * The backup first, then our objects. Nothing of this runs anything. Expects that no object of the execution lies there.
 * What the router refuses is the execution's end; session errors are thrown.
 */
export const prepareOnRouter = async (
  device: Device,
  execution: SiteExecution,
  signal: AbortSignal,
  { texts, archive }: PrepareOptions,
): Promise<Prepared> => {
  try {
    const text = await patiently(signal, () => texts.get(execution));
    const backup = execution.makeBackup ? await backUp(device, archive, execution, signal) : null;
    return (await layOut(device, execution, text)) ?? { ok: true, backup };
  } catch (error) {
    if (error instanceof ScriptTextMissing) return hindrance('not_started', error.message);
    if (error instanceof BackupFailed) return hindrance('backup_failed', error.message);
    if (!(error instanceof RouterRefused)) throw error;
    return hindrance('not_started', `the router refused to prepare it: ${error.message}`);
  }
};

import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RouterRefused } from '@scheduled-scripts/routeros';
import { unlessRefused, type Device } from './device.js';
import { executionOfName, objectNames } from './object-names.js';

export interface ConfigurationText {
  readonly text: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Why there is no backup; the script then does not run there. */
export class BackupFailed extends Error {
  readonly code = 'backup_failed';
}

const exportTimeoutMillis = 60_000;
const chunkBytes = 32_768;
const mostBytes = 16 * 1_024 * 1_024;
const longestReadMillis = 300_000;
const looks = 50;
const lookEveryMillis = 200;

interface FileRow {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly contents: string | undefined;
}

/** All files, or the one of this name with its contents, where they can be had no other way. */
const files = async (device: Device, named?: string): Promise<readonly FileRow[]> => {
  const contents = named === undefined || device.facts.version.readsFiles ? '' : ',contents';
  const query = named === undefined ? [] : [`?name=${named}`];
  const { rows } = await device.command('/file/print', [...query, `=.proplist=.id,name,size${contents}`]);
  return rows.map((row) => ({ id: row['.id'] ?? '', name: row['name'] ?? '', size: Number(row['size'] ?? 0), contents: row['contents'] }));
};

/** A file appears a moment after the command that writes it, and may still grow: it is whole when two looks see the same. */
const appeared = async (device: Device, name: string, signal: AbortSignal): Promise<FileRow> => {
  let before = -1;
  for (let look = 0; look < looks; look += 1) {
    signal.throwIfAborted();
    const [file] = await files(device, name);
    if (file && file.size > 0 && file.size === before) return file;
    before = file?.size ?? -1;
    await pause(lookEveryMillis);
  }
  throw new BackupFailed(`${name} did not appear among the files`);
};

/** Replies come decoded, as UTF-8 where they are that, else as Latin-1; a piece may be cut in the middle of a character. The count tells. */
const bytesOf = (text: string, count: number): Buffer => {
  const utf8 = Buffer.from(text);
  if (utf8.length === text.length || utf8.length === count) return utf8;
  const latin1 = Buffer.from(text, 'latin1');
  if (latin1.length === count && latin1.toString('latin1') === text) return latin1;
  throw new BackupFailed('the export could not be read byte for byte');
};

const inChunks = async (device: Device, { name, size }: FileRow, signal: AbortSignal): Promise<Buffer> => {
  const deadline = performance.now() + longestReadMillis;
  const chunks: Buffer[] = [];
  for (let read = 0; read < size;) {
    signal.throwIfAborted();
    const words = [`=file=${name}`, `=offset=${read}`, `=chunk-size=${chunkBytes}`];
    const { rows } = await device.command('/file/read', words);
    const chunk = bytesOf(rows[0]?.['data'] ?? '', Math.min(chunkBytes, size - read));
    if (chunk.length === 0 || performance.now() > deadline) throw new BackupFailed('the export could not be read to its end');
    chunks.push(chunk);
    read += chunk.length;
  }
  return Buffer.concat(chunks);
};

const bytesIn = async (device: Device, file: FileRow, signal: AbortSignal): Promise<Buffer> => {
  if (file.size > mostBytes) throw new BackupFailed(`the export has ${file.size} bytes, more than ${mostBytes}`);
  if (device.facts.version.readsFiles) return inChunks(device, file, signal);
  if (file.contents === undefined) throw new BackupFailed('this version of RouterOS shows only small files, and the export is larger');
  const bytes = bytesOf(file.contents, file.size);
  if (bytes.length !== file.size) throw new BackupFailed('this version of RouterOS shows only the beginning of the export');
  return bytes;
};

/** Files outside of `flash/`, where there is one, lie in memory and are gone after a reboot. */
const folderOf = async (device: Device): Promise<string> => ((await files(device, 'flash')).length > 0 ? 'flash/' : '');

const removeFile = async (device: Device, { id }: FileRow): Promise<void> => {
  await device.command('/file/remove', [`=.id=${id}`]).catch(unlessRefused);
};

const executionOf = ({ name }: FileRow): string | null => executionOfName(name.replace(/^flash\//, ''));

/** Removes what a backup of this execution has left; `binaryToo` when nobody will want to restore it. */
export const removeBackupFiles = async (device: Device, executionId: string, binaryToo: boolean): Promise<void> => {
  const ours = (await files(device)).filter((file) => executionOf(file) === executionId);
  for (const file of ours) if (binaryToo || !file.name.endsWith('.backup')) await removeFile(device, file);
};

/** The executions, of whatever installation, whose backups lie there. */
export const executionsWithBackup = async (device: Device): Promise<readonly string[]> => [
  ...new Set((await files(device)).flatMap((file) => executionOf(file) ?? [])),
];

/**
 * The configuration as text, without secrets, fetched; and a binary backup that stays on the router. Throws `BackupFailed`.
 * Before any object of ours exists, so that restoring it brings none back.
 */
export const takeBackup = async (device: Device, executionId: string, signal: AbortSignal): Promise<ConfigurationText> => {
  try {
    // A file of an earlier attempt would be taken for the new one.
    await removeBackupFiles(device, executionId, true);
    const name = `${await folderOf(device)}${objectNames(executionId).backup}`;
    const hide = device.facts.version.hidesSecrets ? [] : ['=hide-sensitive='];
    await device.command('/export', [`=file=${name}`, ...hide], exportTimeoutMillis);
    const file = await appeared(device, `${name}.rsc`, signal);
    const text = await bytesIn(device, file, signal);
    await device.command('/system/backup/save', [`=name=${name}`, '=dont-encrypt=yes'], exportTimeoutMillis);
    await appeared(device, `${name}.backup`, signal);
    await removeFile(device, file);
    return { text, sha256: hash('sha256', text) };
  } catch (error) {
    if (error instanceof RouterRefused) throw new BackupFailed(error.message, { cause: error });
    throw error;
  }
};

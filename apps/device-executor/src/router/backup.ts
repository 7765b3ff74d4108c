import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RouterRefused } from '@scheduled-scripts/routeros';
import type { Device } from './device.js';
import { objectNames } from './object-names.js';

export interface ConfigurationText {
  readonly text: Buffer;
  readonly sha256: string;
}

/** Why there is no backup; the script then does not run there. */
export class BackupFailed extends Error {
  readonly code = 'backup_failed';
}

const exportTimeoutMillis = 60_000;
const chunkBytes = 32_768;
const mostBytes = 16 * 1_024 * 1_024;
const looks = 50;
const lookEveryMillis = 200;

interface FileRow {
  readonly name: string;
  readonly size: number;
  readonly contents: string | undefined;
}

const files = async (device: Device, query: string): Promise<readonly FileRow[]> => {
  const { rows } = await device.command('/file/print', [query, '=.proplist=name,size,contents']);
  return rows.map((row) => ({ name: row['name'] ?? '', size: Number(row['size'] ?? 0), contents: row['contents'] }));
};

/** The export appears a moment later, and may still grow: it is whole when two looks see the same. */
const appeared = async (device: Device, name: string): Promise<FileRow> => {
  let before = -1;
  for (let look = 0; look < looks; look += 1) {
    const [file] = await files(device, `?name=${name}`);
    if (file && file.size > 0 && file.size === before) return file;
    before = file?.size ?? -1;
    await pause(lookEveryMillis);
  }
  throw new BackupFailed('the export did not appear among the files');
};

const inChunks = async (device: Device, { name, size }: FileRow): Promise<string> => {
  let text = '';
  let read = 0;
  while (read < size) {
    const { rows } = await device.command('/file/read', [`=file=${name}`, `=offset=${read}`, `=chunk-size=${chunkBytes}`]);
    const data = rows[0]?.['data'] ?? '';
    if (data === '') throw new BackupFailed('the export could not be read to its end');
    text += data;
    read += Buffer.byteLength(data);
  }
  return text;
};

/** Files outside of `flash/`, where there is one, lie in memory and are gone after a reboot. */
const folderOf = async (device: Device): Promise<string> => ((await files(device, '?name=flash')).length > 0 ? 'flash/' : '');

const removeFile = async (device: Device, name: string): Promise<void> => {
  await device.command('/file/remove', [`=numbers=${name}`]).catch(ignoreRefusal);
};

const ignoreRefusal = (error: unknown): void => {
  if (!(error instanceof RouterRefused)) throw error;
};

/** Removes what a backup of this execution has left; `binaryToo` when nobody will want to restore it. */
export const removeBackupFiles = async (device: Device, executionId: string, binaryToo: boolean): Promise<void> => {
  const { rows } = await device.command('/file/print', ['=.proplist=name']);
  const name = objectNames(executionId).export;
  const ours = rows.map((row) => row['name'] ?? '').filter((file) => file.replace(/^flash\//, '').startsWith(`${name}.`));
  for (const file of ours) if (binaryToo || !file.endsWith('.backup')) await removeFile(device, file);
};

/**
 * The configuration as text, without secrets, fetched; and a binary backup that stays on the router. Throws `BackupFailed`.
 * Before any object of ours exists, so that restoring it brings none back.
 */
export const takeBackup = async (device: Device, executionId: string): Promise<ConfigurationText> => {
  const { version } = device.facts;
  try {
    const name = `${await folderOf(device)}${objectNames(executionId).export}`;
    const hide = version.hidesSecrets ? [] : ['=hide-sensitive='];
    await device.command('/export', [`=file=${name}`, ...hide], exportTimeoutMillis);
    const file = await appeared(device, `${name}.rsc`);
    if (file.size > mostBytes) throw new BackupFailed(`the export has ${file.size} bytes, more than ${mostBytes}`);
    const contents = version.readsFiles ? await inChunks(device, file) : file.contents;
    if (contents === undefined) throw new BackupFailed('this version of RouterOS shows only small files, and the export is larger');
    const text = Buffer.from(contents);
    await device.command('/system/backup/save', [`=name=${name}`, '=dont-encrypt=yes'], exportTimeoutMillis);
    await removeFile(device, file.name);
    return { text, sha256: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    if (error instanceof RouterRefused) throw new BackupFailed(error.message, { cause: error });
    throw error;
  }
};

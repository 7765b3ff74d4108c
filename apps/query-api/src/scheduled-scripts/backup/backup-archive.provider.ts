/** What Nest injects the connection to the archive of backups by. */
export const BACKUP_ARCHIVE = Symbol('backup archive');

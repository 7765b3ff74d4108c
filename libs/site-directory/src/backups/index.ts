export { BackupCorrupt, findBackup, storeBackup, type Backup, type BackupQuery } from './backups.js';
export { backupMigrations } from './backups.migrations.js';

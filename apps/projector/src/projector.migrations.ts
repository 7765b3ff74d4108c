import { parkingMigrations } from '@scheduled-scripts/messaging';
import { LeaseTable1767225600000 } from '@scheduled-scripts/postgres';
import { readModelMigrations } from '@scheduled-scripts/read-model';

export const projectorMigrations = [...readModelMigrations, ...parkingMigrations, LeaseTable1767225600000];

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** An owner of leases and work rows: unique for each call, and it tells whoever reads the rows which process to look for. */
export const processOwner = (): string => `${hostname()}/${process.pid}/${randomUUID()}`;

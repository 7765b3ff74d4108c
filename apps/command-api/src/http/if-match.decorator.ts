import { ifMatchHeader } from '@scheduled-scripts/contracts';
import { headerParameter } from '@scheduled-scripts/platform';

/** `@IfMatch() ifVersion: number | undefined`: the version that the caller wants to change; undefined for any. */
export const IfMatch = headerParameter({ header: 'If-Match', schema: ifMatchHeader });

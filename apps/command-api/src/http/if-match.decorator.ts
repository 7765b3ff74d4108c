import { ifMatchHeader } from '@scheduled-scripts/contracts';
import { headerParameter } from '@scheduled-scripts/platform';

/** `@IfMatch() ifVersions: readonly number[] | undefined`: the versions of which the caller wants to change one; undefined for any. */
export const IfMatch = headerParameter({ header: 'If-Match', schema: ifMatchHeader });

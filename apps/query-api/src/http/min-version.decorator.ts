import { minVersionHeader } from '@scheduled-scripts/contracts';
import { headerParameter } from '@scheduled-scripts/platform';

/** `@MinVersion() minVersion: number | undefined`: the version that the caller has already seen. */
export const MinVersion = headerParameter({ header: 'Min-Version', schema: minVersionHeader });

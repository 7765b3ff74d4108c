import type { AccessStage } from './access-stage.js';
import type { Belongings } from './belongings.js';

/** What the walks go over. */
export interface Scene {
  readonly stage: AccessStage;
  readonly belongings: Belongings;
}

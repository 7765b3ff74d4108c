import { z } from 'zod';
import { exampleIds, siteIds } from './resource-fields.js';

/** Body of `GET …/progress`, and a part of the script. */
export const progressResource = z
  .object({
    completed: siteIds('Sites where the script ran to its end.', exampleIds.site),
    failed: siteIds('Sites where it did not, or where nobody can tell; `GET …/executions` says why.'),
    pending: siteIds('Sites that are still to come, or where the script is running now.'),
  })
  .meta({
    title: 'Progress',
    description:
      'How far the rollout is. Three empty lists before the launch; after it the lists are disjoint, together they are `sites`, and each ' +
      'is in the order of `sites`. Test runs never show here. A site may move from `failed` to `completed` when the truth about an ' +
      'unknown outcome comes to light.',
  });

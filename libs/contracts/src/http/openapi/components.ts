import { historyEntryResource } from '../history.resource.js';
import { fieldErrorResource, problemResource } from '../problem.resource.js';
import { progressResource } from '../progress.resource.js';
import { scriptRequests } from '../scheduled-script.requests.js';
import { scheduledScriptResource } from '../scheduled-script.resource.js';
import { siteCheckResource } from '../site-check.resource.js';
import { siteExecutionResource } from '../site-execution.resource.js';
import { siteRequests } from '../site.requests.js';
import { siteResource } from '../site.resource.js';
import { SchemaSet } from './json-schema.js';

/** What has a name in the document, and a type in the client. */
export const schemas = new SchemaSet({
  ScheduledScript: scheduledScriptResource,
  Progress: progressResource,
  SiteExecution: siteExecutionResource,
  HistoryEntry: historyEntryResource,
  Site: siteResource,
  SiteCheck: siteCheckResource,
  CreateScheduledScript: scriptRequests.create,
  ReviseScheduledScript: scriptRequests.revise,
  CreateSite: siteRequests.create,
  ChangeSite: siteRequests.change,
  Problem: problemResource,
  FieldError: fieldErrorResource,
});

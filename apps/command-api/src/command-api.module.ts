import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AuthModule, type AuthOptions } from '@scheduled-scripts/auth';
import type { ScheduledScripts } from '@scheduled-scripts/event-store';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';
import { ApprovalController } from './approvals/approval.controller.js';
import { Approvals } from './approvals/approvals.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { AbortRolloutController } from './scheduled-scripts/abort/abort-rollout.controller.js';
import { AbortRolloutHandler } from './scheduled-scripts/abort/abort-rollout.handler.js';
import { AuthorizeScriptController } from './scheduled-scripts/authorize/authorize-script.controller.js';
import { AuthorizeScriptHandler } from './scheduled-scripts/authorize/authorize-script.handler.js';
import { CancelScriptController } from './scheduled-scripts/cancel/cancel-script.controller.js';
import { CancelScriptHandler } from './scheduled-scripts/cancel/cancel-script.handler.js';
import { CreateScriptController } from './scheduled-scripts/create/create-script.controller.js';
import { CreateScriptHandler } from './scheduled-scripts/create/create-script.handler.js';
import { LaunchScriptController } from './scheduled-scripts/launch/launch-script.controller.js';
import { LaunchScriptHandler } from './scheduled-scripts/launch/launch-script.handler.js';
import { RequestAuthorizationController } from './scheduled-scripts/request-authorization/request-authorization.controller.js';
import { RequestAuthorizationHandler } from './scheduled-scripts/request-authorization/request-authorization.handler.js';
import { ReviseScriptController } from './scheduled-scripts/revise/revise-script.controller.js';
import { ReviseScriptHandler } from './scheduled-scripts/revise/revise-script.handler.js';
import { SCRIPT_REPOSITORY } from './scheduled-scripts/script-repository.provider.js';
import { Scripts } from './scheduled-scripts/scripts.js';
import { TestScriptController } from './scheduled-scripts/test/test-script.controller.js';
import { TestScriptHandler } from './scheduled-scripts/test/test-script.handler.js';
import { SETTINGS, type Settings } from './settings.js';
import { ChangeSiteController } from './sites/change/change-site.controller.js';
import { ChangeSiteHandler } from './sites/change/change-site.handler.js';
import { CheckSiteController } from './sites/check/check-site.controller.js';
import { CheckSiteHandler } from './sites/check/check-site.handler.js';
import { SiteChecks } from './sites/check/site-checks.js';
import { GetSiteController } from './sites/get/get-site.controller.js';
import { GetSiteHandler } from './sites/get/get-site.handler.js';
import { ListSitesController } from './sites/list/list-sites.controller.js';
import { ListSitesHandler } from './sites/list/list-sites.handler.js';
import { RegisterSiteController } from './sites/register/register-site.controller.js';
import { RegisterSiteHandler } from './sites/register/register-site.handler.js';
import { RemoveSiteController } from './sites/remove/remove-site.controller.js';
import { RemoveSiteHandler } from './sites/remove/remove-site.handler.js';
import { SITE_DIRECTORY } from './sites/site-directory.provider.js';
import { Summaries } from './summaries/summaries.js';
import { USER_DIRECTORY, type UserDirectory } from './users/user-directory.js';

export interface CommandApiParts {
  readonly auth: AuthOptions;
  readonly settings: Settings;
  readonly repository: ScheduledScripts;
  readonly scripts: Scripts;
  readonly summaries: Summaries;
  readonly approvals: Approvals;
  readonly sites: SiteDirectory;
  readonly checks: SiteChecks;
  readonly users: UserDirectory;
  readonly keys: IdempotencyKeys;
}

/** What is served. */
export const controllers = [
  CreateScriptController,
  ReviseScriptController,
  CancelScriptController,
  RequestAuthorizationController,
  AuthorizeScriptController,
  LaunchScriptController,
  TestScriptController,
  AbortRolloutController,
  ApprovalController,
  RegisterSiteController,
  ListSitesController,
  GetSiteController,
  ChangeSiteController,
  RemoveSiteController,
  CheckSiteController,
];

const handlers = [
  CreateScriptHandler,
  ReviseScriptHandler,
  CancelScriptHandler,
  RequestAuthorizationHandler,
  AuthorizeScriptHandler,
  LaunchScriptHandler,
  TestScriptHandler,
  AbortRolloutHandler,
  RegisterSiteHandler,
  ListSitesHandler,
  GetSiteHandler,
  ChangeSiteHandler,
  RemoveSiteHandler,
  CheckSiteHandler,
];

@Module({})
export class CommandApiModule {
  static with({ auth, settings, repository, scripts, summaries, approvals, sites, checks, users, keys }: CommandApiParts): DynamicModule {
    const parts: Provider[] = [
      { provide: SETTINGS, useValue: settings },
      { provide: SCRIPT_REPOSITORY, useValue: repository },
      { provide: Scripts, useValue: scripts },
      { provide: Summaries, useValue: summaries },
      { provide: Approvals, useValue: approvals },
      { provide: SITE_DIRECTORY, useValue: sites },
      { provide: SiteChecks, useValue: checks },
      { provide: USER_DIRECTORY, useValue: users },
      { provide: IdempotencyKeys, useValue: keys },
    ];
    return { module: CommandApiModule, imports: [CqrsModule, AuthModule.forRoot(auth)], controllers, providers: [...parts, ...handlers] };
  }
}

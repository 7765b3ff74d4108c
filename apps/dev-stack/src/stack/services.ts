import { createWriteStream } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { commandApi } from '@scheduled-scripts/command-api';
import { deviceExecutor } from '@scheduled-scripts/device-executor';
import { eventRelay } from '@scheduled-scripts/event-relay';
import { launcher } from '@scheduled-scripts/launcher';
import { notifier } from '@scheduled-scripts/notifier';
import { createLogger, errorsPath, startService, type RunningService } from '@scheduled-scripts/platform';
import { projector } from '@scheduled-scripts/projector';
import { queryApi } from '@scheduled-scripts/query-api';
import { summarizer } from '@scheduled-scripts/summarizer';

export interface ServiceSettings {
  readonly postgresUrl: string;
  readonly eventStoreUrl: string;
  readonly messagingUrl: string;
  readonly issuer: { readonly url: string; readonly audience: string; readonly jwksUri: string };
  readonly credentialsKeys: string;
  readonly approvalLinkKeys: string;
  readonly userDirectoryFile: string;
  /** Where people reach the gateway. */
  readonly publicUrl: string;
  /** Folder of mails. */
  readonly outbox: string;
  readonly logFile: string;
  /** Over what every service is told. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Services {
  /** Where to send the next request. */
  readonly commandApi: () => string;
  readonly queryApi: () => string;
  stop(): Promise<void>;
}

/** What every service is told; each takes what it knows. */
export const variables = (settings: ServiceSettings): Record<string, string> => ({
  NODE_ENV: 'development',
  LOG_LEVEL: 'info',
  SHUTDOWN_GRACE_MILLIS: '2500',
  DATABASE_URL: settings.postgresUrl,
  EVENT_STORE_URL: settings.eventStoreUrl,
  MESSAGING_URL: settings.messagingUrl,
  AUTH_ISSUER: settings.issuer.url,
  AUTH_AUDIENCE: settings.issuer.audience,
  AUTH_JWKS_URI: settings.issuer.jwksUri,
  CREDENTIALS_KEYS: settings.credentialsKeys,
  APPROVAL_LINK_KEYS: settings.approvalLinkKeys,
  ALLOW_LOOPBACK_SITES: 'true',
  INSTALLATION_ID: 'dev-stack',
  USER_DIRECTORY_FILE: settings.userDirectoryFile,
  PUBLIC_URL: settings.publicUrl,
  DOC_URL_BASE: `${settings.publicUrl}${errorsPath}`,
  MAIL_URL: pathToFileURL(settings.outbox).href,
  ...settings.environment,
});

const untilReady = async ({ name, healthUrl }: RunningService): Promise<void> => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${healthUrl}/readyz`, { signal: AbortSignal.timeout(10_000) });
    if (answer.ok) return;
    if (Date.now() > deadline) throw new Error(`${name} is not ready: ${await answer.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** All services in this process, each on a free port. Resolves when all are ready; if one does not start, the others are stopped. */
export const startServices = async (settings: ServiceSettings): Promise<Services> => {
  const destination = createWriteStream(settings.logFile, { flags: 'a', mode: 0o600 });
  const env = variables(settings);
  const options = (name: string) => ({ port: 0, logger: createLogger({ name, level: 'info', destination }) });
  const starting = {
    commandApi: startService(commandApi, env, options(commandApi.name)),
    queryApi: startService(queryApi, env, options(queryApi.name)),
    others: [
      startService(eventRelay, env, options(eventRelay.name)),
      startService(projector, env, options(projector.name)),
      startService(launcher, env, options(launcher.name)),
      startService(deviceExecutor, env, options(deviceExecutor.name)),
      startService(notifier, env, options(notifier.name)),
      startService(summarizer, env, options(summarizer.name)),
    ],
  };
  const all = [starting.commandApi, starting.queryApi, ...starting.others];
  const stop = async (): Promise<void> => {
    const started = await Promise.allSettled(all);
    await Promise.all(started.flatMap((result) => (result.status === 'fulfilled' ? [result.value.stop()] : [])));
    await new Promise((resolve) => destination.end(resolve));
  };
  try {
    const running = await Promise.all(all);
    await Promise.all(running.map(untilReady));
    const [commandApiUrl, queryApiUrl] = [(await starting.commandApi).url, (await starting.queryApi).url];
    return { commandApi: () => commandApiUrl, queryApi: () => queryApiUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

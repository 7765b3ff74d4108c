import { Module } from '@nestjs/common';
import { ApprovalLinks, parseApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import { topics } from '@scheduled-scripts/contracts';
import { parkedCommand, parkingConsumer, parkingMigrations } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { consumerMetrics, HousekeepingWorker, UsersFile, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, processOwner, WorkLoop } from '@scheduled-scripts/postgres';
import { notifierEnvironment, type NotifierEnvironment } from './environment.js';
import { takeIn } from './intake/take-in.js';
import { openMailSender } from './mail/open-mail-sender.js';
import { notifierMetrics } from './notifier.metrics.js';
import { mailChannel, mailList, NotifierTables1767225600003, RefusedMails1767225600004 } from './notifier.tables.js';
import { forgetRefused, keepRefused } from './outbox/refused-mails.js';
import { sendMail } from './outbox/send-mail.js';
import { DirectorySiteNames } from './sites/directory.site-names.js';
import { AddressBook } from './users/address-book.js';

@Module({})
class NotifierModule {}

const name = 'notifier';
/** Of a mail that could not be sent: a server that was away for hours is not waited for much longer than it is away. */
const longestRetryPauseMillis = 60_000;

const migrations = [NotifierTables1767225600003, RefusedMails1767225600004, ...parkingMigrations];

const databaseOf = (env: NotifierEnvironment) => ({ url: env.DATABASE_URL.reveal(), schema: name, applicationName: name });

/** Tells people what they have to know or decide about scripts, by mail. */
export const notifier: ServiceDefinition<typeof notifierEnvironment> = {
  name,
  description: 'mails approvers and those who want to know how a script went',
  environment: notifierEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), migrations),
  commands: {
    '--parked': parkedCommand(
      (env) => openDatabase(databaseOf(env)),
      () => ({ group: name, handle: (messages, tx) => takeIn(tx, messages, Date.now()) }),
    ),
  },
  create: async ({ env, logger, metrics, opened }) => {
    const database = opened('database', await openDatabase(databaseOf(env)));
    await database.migrate(migrations, env.MIGRATIONS);
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = opened('topics', await openTopics({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));

    const siteNames = new DirectorySiteNames({ database, logger });
    const meters = notifierMetrics(metrics, database, siteNames);
    const users = new UsersFile(env.USER_DIRECTORY_FILE);
    const sender = opened(
      'mail',
      openMailSender({ url: env.MAIL_URL.reveal(), from: env.MAIL_FROM, timeoutMillis: env.MAIL_TIMEOUT_MILLIS }),
    );
    const links = new ApprovalLinks(parseApprovalLinkKeys(env.APPROVAL_LINK_KEYS.reveal()));

    const consumer = parkingConsumer({
      database,
      messaging,
      group: name,
      topics: [topics.scheduledScript],
      consumption: consumerMetrics(metrics, logger),
      takeIn: async (messages, tx) => {
        const { outdated, unknown } = await takeIn(tx, messages, Date.now());
        meters.outdated(outdated);
        return { unknown, wake: [mailChannel] };
      },
    });
    const mails = new WorkLoop({
      name: 'mails',
      database,
      list: mailList,
      owner: processOwner(),
      parallel: env.MAIL_CONNECTIONS,
      longestRetryPauseMillis,
      leaseMillis: 10_000,
      wakeChannel: mailChannel,
      onError: (error, mail) => {
        if (mail) meters.failed();
        logger.warn({ err: error, mail: mail?.id }, 'a mail could not be sent and will be tried again');
      },
      handle: sendMail({
        addressBook: new AddressBook(users),
        siteNames,
        sender,
        linkOf: ({ scriptId, userId }, authorizationId) =>
          `${env.PUBLIC_URL}/authorize/${links.mint({ scriptId, authorizationId, recipient: userId })}`,
        onSent: meters.sent,
        onUnaddressed: ({ organizationId, userId, scriptId, subject }) => {
          meters.unaddressed();
          logger.error({ organizationId, userId, scriptId, subject }, 'a user cannot be told: no address is known');
        },
        onRefused: async (mailId, mail, reason) => {
          await keepRefused(database, mailId, mail, reason);
          meters.refused();
          const { organizationId, userId, scriptId, subject } = mail;
          logger.error({ organizationId, userId, scriptId, subject, reason }, 'a user cannot be told: the mail was refused for good');
        },
      }),
    });

    const chores = { forgetRefusedMails: () => forgetRefused(database) };

    return {
      module: NotifierModule,
      workers: [mails, consumer, new HousekeepingWorker({ chores, logger })],
      readiness: {
        database: () => database.ping(),
        topics: () => consumer.checkJoined(),
        mail: () => sender.check(),
        users: () => users.check(),
      },
    };
  },
};

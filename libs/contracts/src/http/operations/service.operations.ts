import { z } from 'zod';
import { json, notModified } from './answers.js';
import type { Operation } from './operation.js';

const of = { servedBy: 'each', tag: 'Service', method: 'GET', access: 'public', problems: [] } as const;

const health = z
  .object({
    status: z.string().meta({ description: '`ok`, `failed`, `starting` or `stopping`.', examples: ['ok'] }),
    checks: z
      .record(z.string(), z.enum(['ok', 'failed']))
      .meta({ description: 'By name. The reasons are in the log.', examples: [{ database: 'ok' }] }),
  })
  .meta({ title: 'Health' });

const page = {
  answers: {
    200: {
      description: 'The page.',
      headers: ['ReferenceETag', 'Cache-Control'],
      content: { mediaType: 'text/html', schema: z.string() },
    },
    304: notModified('ReferenceETag'),
  },
  headers: ['If-None-Match'],
} as const;

export const referenceOperations = [
  {
    ...of,
    id: 'getOpenApi',
    path: '/openapi.json',
    summary: 'This document',
    description: 'OpenAPI 3.1 of what is served at this address.',
    answers: {
      200: {
        description: 'The document.',
        headers: ['ReferenceETag', 'Cache-Control'],
        content: json(z.looseObject({ openapi: z.string() }), {}),
      },
      304: notModified('ReferenceETag'),
    },
    headers: ['If-None-Match'],
  },
  {
    ...of,
    id: 'getDocs',
    path: '/docs',
    summary: 'This document, to be read',
    description: 'A page that shows it. It asks no other host for anything.',
    ...page,
  },
  {
    ...of,
    id: 'getErrorReference',
    path: '/docs/errors',
    summary: 'The errors, to be read',
    description: 'A page that says of each `code` what it means and what to do about it, in a section that `doc_url` leads to.',
    ...page,
  },
] as const satisfies readonly Operation[];

const ofProcess = { ...of, isOfProcess: true } as const;

export const healthOperations = [
  {
    ...ofProcess,
    id: 'getLiveness',
    path: '/livez',
    summary: 'Whether the process lives',
    description: 'For probes. Health and metrics may have a port of their own; then they are not here.',
    answers: {
      200: { description: 'It does.', headers: ['Cache-Control'], content: json(health, {}) },
      503: { description: 'It should be restarted.', headers: ['Cache-Control'], content: json(health, {}) },
    },
  },
  {
    ...ofProcess,
    id: 'getReadiness',
    path: '/readyz',
    summary: 'Whether it can work',
    description: 'For probes: whether the service and what it depends on answer.',
    answers: {
      200: { description: 'It can.', headers: ['Cache-Control'], content: json(health, {}) },
      503: { description: 'It cannot now.', headers: ['Cache-Control'], content: json(health, {}) },
    },
  },
  {
    ...ofProcess,
    id: 'getMetrics',
    path: '/metrics',
    summary: 'Metrics',
    description: 'In the text format of Prometheus; docs/operations.md explains them.',
    answers: { 200: { description: 'The metrics.', content: { mediaType: 'text/plain', schema: z.string() } } },
  },
] as const satisfies readonly Operation[];

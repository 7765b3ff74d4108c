import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';
import { problemCodes, type ProblemCode } from '../problem.js';
import { scheduledScriptJson, scheduledScriptResource, type ScheduledScriptView } from '../scheduled-script.resource.js';
import { siteExecutionJson, siteExecutionResource } from '../site-execution.resource.js';
import { scheduledScript } from '../operations/examples.js';
import { explainedProblems, openApiDocument, operations, operationsOf, type Part } from './index.js';
import { ofNoClient, ofNoOperation, problemsOf } from './problem-codes.js';

const parts: readonly Part[] = ['command-api', 'query-api', 'gateway'];
const fields = (json: JsonObject | undefined): string[] => Object.keys(json ?? {});

/** Every place of a document that has both a schema and examples of it. */
const exampled = function* (json: Json, at = ''): Generator<{ at: string; schema: JsonObject; examples: JsonObject }> {
  if (isList(json)) for (const [index, item] of json.entries()) yield* exampled(item, `${at}/${index}`);
  if (!isObject(json)) return;
  const { schema, examples } = json;
  if (isObject(schema) && isObject(examples)) yield { at, schema, examples };
  for (const [name, value] of Object.entries(json)) yield* exampled(value, `${at}/${name}`);
};

/** Of an example that stands there, or among the components. */
const valueOf = (document: JsonObject, example: Json): Json | undefined => {
  if (!isObject(example)) return example;
  const { $ref, value } = example;
  if (typeof $ref !== 'string') return value;
  const { examples } = document['components'] as { readonly examples: Record<string, JsonObject> };
  return examples[$ref.replace('#/components/examples/', '')]?.['value'];
};

describe.each(parts)('the document of %s', (part) => {
  const document = openApiDocument(part);

  it('is OpenAPI 3.1, by its own schema', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('is the same each time, and text that JSON can hold', () => {
    expect(openApiDocument(part)).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has an example of every body, sent and answered, that its schema accepts', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema(document, 'document');
    const refused = [...exampled(document)].flatMap(({ at, schema, examples }) => {
      const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as JsonObject);
      return Object.entries(examples).flatMap(([name, example]) =>
        check(valueOf(document, example)) ? [] : [`${at} ${name}: ${ajv.errorsText(check.errors)}`],
      );
    });
    expect(refused).toEqual([]);
  });

  it('describes every operation, parameter, and field', () => {
    const said = JSON.stringify(document);
    for (const { id, description, summary } of operationsOf(part)) {
      expect([id, description.length > 40, summary.length > 0]).toEqual([id, true, true]);
      expect(said).toContain(`"operationId":"${id}"`);
    }
    const { schemas } = document['components'] as { schemas: Record<string, { properties: JsonObject }> };
    const silent = Object.entries(schemas).flatMap(([name, { properties }]) =>
      Object.entries(properties)
        .filter(([, field]) => isObject(field) && field['description'] === undefined && field['$ref'] === undefined)
        .map(([field]) => `${name}.${field}`),
    );
    expect(silent).toEqual([]);
  });
});

describe('the operations', () => {
  it('are named and placed once, with the parameters that their paths have', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
    for (const { path, pathParameters = [] } of operations) {
      expect(pathParameters.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  it('tell where every error of the contract may be met', () => {
    const told = operations.flatMap((operation) => problemsOf(operation).map(({ code }) => code));
    expect([...new Set(told), ...ofNoOperation, ...ofNoClient].sort()).toEqual([...problemCodes].sort());
  });
});

const explained = (wanted: ProblemCode) => explainedProblems().find(({ code }) => code === wanted);

describe('the explanation of the errors', () => {
  it('has every code once, by status', () => {
    const all = explainedProblems();
    expect(all.map(({ code }) => code).sort()).toEqual([...problemCodes].sort());
    const statuses = all.map(({ statuses: [first] }) => first);
    expect(statuses).toEqual(statuses.toSorted((one = 0, other = 0) => one - other));
  });

  it('says what it means in a sentence, what to do, and where it may be met', () => {
    for (const { code, meaning, remedy, metBy } of explainedProblems()) {
      expect([code, meaning]).toEqual([code, expect.stringMatching(/^[^.]{20,}[^. ]\.$/)]);
      expect([code, remedy]).toEqual([code, expect.stringMatching(/^[A-Z`][^]{10,}\.$/)]);
      expect([code, metBy.length > 0]).toEqual([code, true]);
    }
    expect(explained('parameter_invalid')?.statuses).toEqual([422, 400]);
    expect(explained('too_many_requests')?.metBy).toBe('Any operation.');
    expect(explained('launch_at_in_past')?.metBy).toEqual([
      { method: 'POST', path: '/scripts/scheduled', summary: 'Schedule a script' },
      { method: 'PUT', path: '/scripts/scheduled/{id}', summary: expect.any(String) },
    ]);
  });
});

describe('a resource', () => {
  const view: ScheduledScriptView = {
    id: scheduledScript.id,
    version: 2,
    createdBy: scheduledScript.created_by,
    testSiteId: scheduledScript.test_site_id,
    makeBackup: true,
    abortIfOffline: false,
    description: scheduledScript.description,
    summary: scheduledScript.summary,
    script: scheduledScript.script,
    status: 'scheduled',
    authorizedAt: scheduledScript.authorized_at,
    cancelledAt: null,
    launchAt: scheduledScript.launch_at,
    startedAt: null,
    sites: scheduledScript.sites,
    notify: scheduledScript.notify,
    progress: scheduledScript.progress,
    createdAt: scheduledScript.created_at,
    updatedAt: scheduledScript.updated_at,
  };

  it('has the fields of its schema, in that order, and no other', () => {
    const json = scheduledScriptJson(view, Date.parse('2025-10-30T10:00:00Z'));
    expect(fields({ ...json })).toEqual(Object.keys(scheduledScriptResource.shape));
    expect(json).toEqual({ ...scheduledScript, t_minus: 'in 1 day' });
    const run = { ...view, siteId: scheduledScript.sites[0] ?? '', kind: 'test', state: 'pending', reason: null, message: null } as const;
    const execution = siteExecutionJson({ ...run, finishedAt: null, backup: null });
    expect(fields({ ...execution })).toEqual(Object.keys(siteExecutionResource.shape));
  });
});

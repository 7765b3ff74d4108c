import { readFileSync } from 'node:fs';
import Ajv7 from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const readLines = (file) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const withFormats = (ajv) => {
  addFormats.default(ajv);
  return ajv;
};

const [{ kinds }, ...definitions] = readLines('kubernetes.jsonl');
const kubernetes = withFormats(new Ajv2020.default({ strict: false, allErrors: true }));
kubernetes.addSchema({ $id: 'kubernetes', $defs: Object.fromEntries(definitions) });

const [compose, ...composeDefinitions] = readLines('compose.jsonl');
const isComposeFile = withFormats(new Ajv7.default({ strict: false, allErrors: true })).compile({
  ...compose,
  $schema: 'http://json-schema.org/draft-07/schema#',
  definitions: Object.fromEntries(composeDefinitions),
});

const mistakesOf = ({ errors }) =>
  (errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);

/** What of a resource Kubernetes would refuse; empty when nothing. */
export const kubernetesMistakes = (resource) => {
  const definition = kinds[`${resource.apiVersion} ${resource.kind}`];
  if (definition === undefined) return [`no schema for ${resource.apiVersion} ${resource.kind}`];
  const isResource = kubernetes.getSchema(`kubernetes#/$defs/${definition}`);
  isResource(resource);
  return mistakesOf(isResource);
};

export const composeMistakes = (file) => {
  isComposeFile(file);
  return mistakesOf(isComposeFile);
};

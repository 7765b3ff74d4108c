import { compile } from 'json-schema-to-typescript';

/** Types of the document's schemas, each under its name. */
export const modelsOf = async ({ components: { schemas } }) => {
  const text = JSON.stringify(schemas).replaceAll('"#/components/schemas/', '"#/definitions/');
  const named = Object.entries(JSON.parse(text)).map(([name, schema]) => [name, { ...schema, title: name }]);
  const root = { title: 'Document', type: 'object', definitions: Object.fromEntries(named), additionalProperties: false };
  const code = await compile(root, 'Document', {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    unreachableDefinitions: true,
  });
  return code
    .replace(/export interface Document \{\s*\}\s*/, '')
    .replaceAll(/^ \* This interface was referenced by .*\n \* via the `definition` .*\n/gm, '')
    .replaceAll(/\n \*(\n \*\/)/g, '$1')
    .replaceAll(/\/\*\*\n \*\/\n/g, '')
    .replaceAll(/: (\w+)\[\](?=[;\n])/g, ': readonly $1[]');
};

import type { z } from 'zod';
import type { ServiceDefinition } from '../service.js';
import { fieldsOf, type Field } from './fields.js';

/** The text of `--help`: what the service is, and every variable it reads. */
export function helpText<Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>): string {
  const fields = fieldsOf(definition.environment);
  const width = Math.max(...fields.map(({ name }) => name.length));
  return [
    `${definition.name}: ${definition.description}`,
    '',
    'Without arguments it runs. Otherwise:',
    '',
    ...argumentLines(definition),
    '',
    'Environment variables:',
    '',
    ...fields.flatMap((field) => {
      const [first = '', ...more] = [field.description, remark(field)].filter((text) => text !== '');
      return [`  ${field.name.padEnd(width)}  ${first}`, ...more.map((text) => `  ${' '.repeat(width)}  ${text}`)];
    }),
    '',
  ].join('\n');
}

function argumentLines<Schema extends z.ZodObject>({ commands = {} }: ServiceDefinition<Schema>): readonly string[] {
  return [
    '  --help, --version',
    '  --migrate  brings the own schema up to date and ends',
    ...Object.entries(commands).map(([argument, { usage, description }]) => `  ${`${argument} ${usage}`.trimEnd()}  ${description}`),
  ];
}

function remark({ name, required, secret, default: fallback }: Field): string {
  const parts = [
    ...(required ? ['required'] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(secret ? [`secret; ${name}_FILE may name a file that holds it`] : []),
  ];
  return parts.length === 0 ? '' : `(${parts.join('; ')})`;
}

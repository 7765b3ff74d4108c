const refName = ($ref) => $ref.split('/').at(-1);

const capital = (name) => name[0].toUpperCase() + name.slice(1);

/** `Idempotency-Key` as a field: `idempotencyKey`. */
const fieldOf = (header) =>
  header
    .toLowerCase()
    .split('-')
    .map((word, index) => (index === 0 ? word : capital(word)))
    .join('');

const typeOfSchema = (schema) => {
  if (schema.$ref) return refName(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (schema.type === 'array') return `readonly ${typeOfSchema(schema.items)}[]`;
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  return schema.type === 'object' ? 'Record<string, unknown>' : 'string';
};

const comment = (text, indent = '') => {
  const words = text.replaceAll('*/', '*\\/').split(' ');
  const lines = [''];
  for (const word of words) {
    if (lines.at(-1).length + word.length > 120) lines.push('');
    lines[lines.length - 1] += lines.at(-1) === '' ? word : ` ${word}`;
  }
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */\n`
    : `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
};

/** What a generator needs to know of an operation of the document. */
const readOperation = ([path, method, operation]) => {
  const { operationId: id, parameters = [], requestBody, responses, security } = operation;
  const [status, success] = Object.entries(responses).find(([code]) => code.startsWith('2'));
  const [[mediaType, content] = ['application/json', undefined]] = Object.entries(success.content ?? {});
  return {
    id,
    path,
    method: method.toUpperCase(),
    words: `${operation.summary}: \`${method.toUpperCase()} ${path}\`${security.length > 0 ? `, with \`${security[0].bearer.join(' ')}\`` : ''}. ${operation.description}`,
    isPublic: security.length === 0,
    parameters: parameters.map((parameter) => ({
      ...parameter,
      field: parameter.in === 'header' ? fieldOf(parameter.name) : parameter.name,
    })),
    bodySchema: requestBody?.content['application/json'].schema,
    isConditional: responses['304'] !== undefined,
    isList: success.headers.Link !== undefined,
    status,
    mediaType,
    schema: content?.schema,
    events: content?.['x-events'],
  };
};

const shapeOf = ({ id, method, path, isPublic, parameters, mediaType }) => {
  const among = (place) => parameters.filter((parameter) => parameter.in === place);
  const headers = Object.fromEntries(among('header').map(({ field, name }) => [field, name]));
  const shape = {
    id,
    method,
    path,
    ...(isPublic ? { isPublic } : {}),
    ...(among('query').length > 0 ? { query: among('query').map(({ name }) => name) } : {}),
    ...(among('header').length > 0 ? { headers } : {}),
    accept: mediaType,
  };
  return `  ${id}: ${JSON.stringify(shape)},\n`;
};

const requestTypeOf = ({ id, parameters, bodySchema }) => {
  const fields = parameters.map(
    ({ field, required, schema, description }) =>
      `${comment(description, '  ')}  readonly ${field}${required ? '' : '?'}: ${typeOfSchema(schema)};\n`,
  );
  if (bodySchema) fields.push(`  readonly body: ${typeOfSchema(bodySchema)};\n`);
  return fields.length === 0 ? '' : `export interface ${capital(id)}Request {\n${fields.join('')}}\n\n`;
};

const argumentOf = ({ id, parameters, bodySchema }) => {
  if (parameters.length === 0 && !bodySchema) return '';
  const isOptional = !bodySchema && parameters.every(({ required }) => !required);
  return `request: ${capital(id)}Request${isOptional ? ' = {}' : ''}, `;
};

const eventTypeOf = ({ id, events }) => {
  const kinds = Object.entries(events).map(
    ([event, schema]) => `  | { readonly event: '${event}'; readonly id: string | undefined; readonly data: ${typeOfSchema(schema)} }`,
  );
  return `export type ${capital(id)}Event =\n${kinds.join('\n')};\n\n`;
};

const methodsOf = (operation) => {
  const { id, words, schema, mediaType, events, isList, isConditional } = operation;
  const argument = argumentOf(operation);
  const request = argument === '' ? '{}' : '{ ...request }';
  const send = (method, type = '') => `this.exchange.${method}${type}(operations.${id}, ${request}, options)`;
  const said = comment(words, '  ');
  if (events) {
    const type = `${capital(id)}Event`;
    return `${said}  ${id}(${argument}options?: CallOptions): AsyncGenerator<${type}, void, undefined> {\n    return ${send('events', `<${type}>`)};\n  }\n`;
  }
  const data = schema === undefined ? 'null' : mediaType === 'application/json' ? typeOfSchema(schema) : 'string';
  const kind = schema === undefined ? 'nothing' : mediaType === 'application/json' ? 'json' : 'text';
  const type = kind === 'json' ? `<${data}>` : '';
  if (isConditional) {
    const unconditional = argument.replace(
      /^request: (\w+)( = \{\})?/,
      (_, name, fallback) => `request${fallback ? '?' : ''}: ${name} & { readonly ifNoneMatch?: undefined }`,
    );
    const plain = argument.replace(/^request: (\w+)( = \{\})?/, (_, name, fallback) => `request${fallback ? '?' : ''}: ${name}`);
    return (
      `${said}  ${id}(${unconditional}options?: CallOptions): Promise<Answer<${data}>>;\n` +
      `  ${id}(${plain}options?: CallOptions): Promise<Answer<${data}> | NotModified>;\n` +
      `  ${id}(${argument}options?: CallOptions): Promise<Answer<${data}> | NotModified> {\n    return ${send(`${kind}IfModified`, type)};\n  }\n`
    );
  }
  const method = `${said}  ${id}(${argument}options?: CallOptions): Promise<Answer<${data}>> {\n    return ${send(kind, type)};\n  }\n`;
  if (!isList) return method;
  const entry = typeOfSchema(schema.items);
  const all = id.replace(/^list/, 'all');
  return `${method}\n  /** Every entry of \`${id}\`, page after page. */\n  ${all}(${argument}options?: CallOptions): AsyncGenerator<${entry}, void, undefined> {\n    return ${send('entries', `<${entry}>`)};\n  }\n`;
};

/** One method for each operation that programs have a use for. */
export const apiOf = ({ paths }) => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => readOperation([path, method, operation])),
  );
  const code = [
    ...operations.map(requestTypeOf),
    ...operations.filter(({ events }) => events).map(eventTypeOf),
    `const operations = {\n${operations.map(shapeOf).join('')}} as const satisfies Record<string, Operation>;\n\n`,
    `/** The API, a method for each operation. */\nexport class ScheduledScriptsApi {\n  constructor(private readonly exchange: Exchange) {}\n\n`,
    operations.map(methodsOf).join('\n'),
    '}\n',
  ].join('');
  const words = new Set(code.match(/\b[A-Z]\w+\b/g));
  return { code, used: (names) => names.filter((name) => words.has(name)) };
};

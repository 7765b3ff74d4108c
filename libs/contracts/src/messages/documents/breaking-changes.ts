import { isList, isObject, sameJson, type Json, type JsonObject } from '../../json.js';

const said = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const objectAt = (schema: JsonObject, keyword: string): JsonObject => {
  const value = schema[keyword];
  return isObject(value) ? value : {};
};

const listAt = (schema: JsonObject, keyword: string): readonly Json[] => {
  const value = schema[keyword];
  return isList(value) ? value : [];
};

const fieldChanges = (published: JsonObject, today: JsonObject, at: string): readonly string[] => {
  const before = objectAt(published, 'properties');
  const after = objectAt(today, 'properties');
  const wasRequired = new Set(listAt(published, 'required'));
  const isRequired = new Set(listAt(today, 'required'));
  const kept = Object.entries(before).flatMap(([name, schema]) => {
    const field = `${at}.${name}`;
    const now = after[name];
    if (now === undefined) return [`${field} was removed or renamed`];
    const changes = schemaChanges(schema, now, field);
    if (wasRequired.has(name) === isRequired.has(name)) return changes;
    return [`${field} was ${wasRequired.has(name) ? 'required and is optional' : 'optional and is required'}`, ...changes];
  });
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name) && isRequired.has(name));
  return [...kept, ...added.map((name) => `${at}.${name} was added as required`)];
};

const enumChanges = (published: JsonObject, today: JsonObject, at: string): readonly string[] => {
  const before = listAt(published, 'enum');
  const after = listAt(today, 'enum');
  const lost = before.filter((value) => !after.includes(value));
  const gained = after.filter((value) => !before.includes(value));
  return [
    ...lost.map((value) => `${at} can no longer be ${said(value)}`),
    ...gained.map((value) => `${at} can now be ${said(value)} as well`),
  ];
};

const branchChanges = (keyword: string, published: JsonObject, today: JsonObject, at: string): readonly string[] => {
  const before = listAt(published, keyword);
  const after = listAt(today, keyword);
  if (before.length !== after.length) return [`${at} had ${before.length} alternatives (${keyword}) and has ${after.length}`];
  return before.flatMap((branch, index) => schemaChanges(branch, after[index], at));
};

const keywordChanges = (keyword: string, published: JsonObject, today: JsonObject, at: string): readonly string[] => {
  switch (keyword) {
    case 'properties':
      return fieldChanges(published, today, at);
    case 'required':
      // Compared field by field. A field that is required and not described has no place in a promise.
      return listAt(today, 'required')
        .filter((name) => typeof name !== 'string' || !Object.hasOwn(objectAt(today, 'properties'), name))
        .map((name) => `${at} requires ${said(name)}, which it does not describe`);
    case 'items':
      return schemaChanges(published[keyword], today[keyword], `${at}[]`);
    case 'enum':
      return isList(published[keyword]) && isList(today[keyword])
        ? enumChanges(published, today, at)
        : [`${at} ${isList(today[keyword]) ? 'was open and is' : 'is open and was'} a closed list`];
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return branchChanges(keyword, published, today, at);
    default:
      return sameJson(published[keyword], today[keyword])
        ? []
        : [`${at}: ${keyword} was ${said(published[keyword])} and is ${said(today[keyword])}`];
  }
};

const schemaChanges = (published: Json | undefined, today: Json | undefined, at: string): readonly string[] => {
  if (!isObject(published) || !isObject(today)) {
    return sameJson(published, today) ? [] : [`${at} was ${said(published)} and is ${said(today)}`];
  }
  const keywords = new Set([...Object.keys(published), ...Object.keys(today)]);
  return [...keywords].flatMap((keyword) => keywordChanges(keyword, published, today, at));
};

/**
 * What keeps readers of the one shape from reading what the other describes, in either direction: a topic is read from its start for
 * ever, and an old reader may still run beside a new producer. A published version may gain optional fields; anything else is named here.
 * A keyword that this code does not know must not change at all.
 */
export const breakingChanges = (published: JsonObject, today: JsonObject): readonly string[] => schemaChanges(published, today, 'data');

// Reads the part of the Dockerfile language that ours is written in, and refuses the rest.
const known = new Set(['ARG', 'FROM', 'WORKDIR', 'COPY', 'RUN', 'LABEL', 'ENV', 'USER', 'ENTRYPOINT', 'CMD']);

const unquoted = (text) => text.replace(/^"(.*)"$/, '$1');

const filledIn = (text, values) =>
  text.replace(/\$\{(\w+)\}/g, (_, name) => {
    if (!values.has(name)) throw new Error(`the recipe has no argument ${name}`);
    return values.get(name);
  });

const instructionsOf = (text) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, verb = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      if (!known.has(verb)) throw new Error(`not understood: ${line}`);
      return { verb, rest };
    });

/** The stages in their order, each with what it begins from and its instructions; arguments have their defaults. */
export const readRecipe = (text) => {
  const values = new Map();
  const stages = [];
  for (const { verb, rest } of instructionsOf(text)) {
    if (verb === 'ARG') {
      const [name, value = ''] = rest.split('=');
      values.set(name, value);
    } else if (verb === 'FROM') {
      const [, from = '', name = ''] = /^(\S+) AS (\w+)$/.exec(filledIn(rest, values)) ?? [];
      if (name === '') throw new Error(`a stage without a name: ${rest}`);
      stages.push({ name, from, instructions: [] });
    } else stages.at(-1).instructions.push({ verb, rest: verb === 'RUN' ? rest : filledIn(rest, values) });
  }
  return stages;
};

/** What a container of the stage gets to see: the last of each setting, those of the stages below included. */
export const settingsOf = (stages, name) => {
  const stage = stages.find((one) => one.name === name);
  if (!stage) return { env: {}, labels: {} };
  const settings = settingsOf(stages, stage.from);
  for (const { verb, rest } of stage.instructions) {
    if (verb === 'USER') settings.user = rest;
    if (verb === 'WORKDIR') settings.workdir = rest;
    if (verb === 'ENTRYPOINT') settings.entrypoint = JSON.parse(rest);
    if (verb === 'CMD') settings.command = JSON.parse(rest);
    if (verb === 'ENV' || verb === 'LABEL') {
      const [, key = '', value = ''] = /^([\w.]+)=(.*)$/.exec(rest) ?? [];
      (verb === 'ENV' ? settings.env : settings.labels)[key] = unquoted(value);
    }
  }
  return settings;
};

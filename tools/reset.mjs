// npm run reset: forgets the data of `npm start`.
import { parseArgs } from 'node:util';
import { build, install, requireNode } from './prepare.mjs';

const usage = `Usage: npm run reset

Forgets all that npm start keeps in .data, and ends what a killed run has left. Takes no options but

  --help   this text
`;

const helpIsWanted = () => {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } }).values.help;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    return process.exit(2);
  }
};

if (helpIsWanted()) {
  process.stdout.write(usage);
  process.exit(0);
}
try {
  requireNode();
  await install();
  await build();
  const { reset } = await import('../apps/dev-stack/dist/index.js');
  await reset();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

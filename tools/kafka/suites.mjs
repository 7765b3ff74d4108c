import { kafkaAvailable } from './jars.mjs';

const isSet = (variable) => variable !== undefined && variable !== '' && variable !== 'false' && variable !== '0';

/**
 * `describe` for suites that need a broker. Where none can be started they are skipped, and that is said aloud; in CI they fail.
 * Of jest's globals, since one copy of this serves suites in JavaScript and in TypeScript.
 */
export const describeWithKafka = (name, suite, state = kafkaAvailable(), isCi = isSet(process.env.CI)) => {
  const { describe, it } = globalThis;
  if (state.available) return describe(name, suite);
  if (isCi) {
    const fail = () => {
      throw new Error(`a Kafka broker cannot be started: ${state.reason}`);
    };
    return describe(name, () => it('needs a broker', fail));
  }
  process.stderr.write(`\n*** NOT RUN: ${name}. A Kafka broker cannot be started: ${state.reason}. ***\n\n`);
  return describe.skip(name, suite);
};

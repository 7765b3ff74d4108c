const isSet = (variable) => variable !== undefined && variable !== '' && variable !== 'false' && variable !== '0';

/**
 * `describe` for suites that need `what` (`a Kafka broker`) of this machine. Where it cannot be started they are skipped, and that is
 * said aloud; in CI they fail. Of jest's globals, since one copy of this serves suites in JavaScript and in TypeScript.
 */
export const describeWhere =
  (what, look) =>
  (name, suite, state = look(), isCi = isSet(process.env.CI)) => {
    const { describe, it } = globalThis;
    if (state.available) return describe(name, suite);
    if (isCi) {
      const fail = () => {
        throw new Error(`${what} cannot be started: ${state.reason}`);
      };
      return describe(name, () => it(`needs ${what}`, fail));
    }
    const said = what.replace(/^a/, 'A');
    process.stderr.write(`\n*** NOT RUN: ${name}. ${said} cannot be started: ${state.reason}. ***\n\n`);
    return describe.skip(name, suite);
  };

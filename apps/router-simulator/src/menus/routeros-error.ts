/** Trap categories of the protocol. */
export const trapCategory = { missing: 0, argument: 1, interrupted: 2, scripting: 3, general: 4, api: 5 } as const;

/** RouterOS says no, in its own words. */
export class RouterOsError extends Error {
  readonly code = 'routeros_error';

  constructor(
    message: string,
    /** Absent where RouterOS sends none. */
    readonly category: number | null = null,
    /** The argument that was wrong, for the ` (/menu/command (argument); line N)` of script errors. */
    readonly argument: string | null = null,
    /** Further traps of the same command. */
    readonly more: readonly string[] = [],
  ) {
    super(message);
  }
}

export const noSuchItem = (): RouterOsError => new RouterOsError('no such item', trapCategory.missing);

export const noSuchCommand = (): RouterOsError => new RouterOsError('no such command', trapCategory.missing);

export const unknownParameter = (name: string): RouterOsError => new RouterOsError(`unknown parameter ${name}`, trapCategory.argument);

export const invalidValue = (argument: string): RouterOsError =>
  new RouterOsError(`invalid value for argument ${argument}`, trapCategory.argument, argument);

export const noMatch = (argument: string): RouterOsError =>
  new RouterOsError(`input does not match any value of ${argument}`, trapCategory.argument, argument);

export const missingValues = (names: readonly string[]): RouterOsError =>
  new RouterOsError(`missing value(s) of argument(s) ${names.join(' ')}`, trapCategory.argument);

export const failure = (message: string): RouterOsError => new RouterOsError(`failure: ${message}`);

export const notPermitted = (): RouterOsError => new RouterOsError('not enough permissions (9)', trapCategory.general);

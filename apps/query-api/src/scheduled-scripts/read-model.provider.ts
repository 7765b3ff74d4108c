/** What Nest injects the `ReadModel` by. */
export const READ_MODEL = Symbol('ReadModel');

/** The router answered, and it cannot be what was asked for. */
export class Unintelligible extends Error {
  readonly code = 'router_unintelligible';
}

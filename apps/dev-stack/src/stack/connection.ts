/** `.data/connection.json`: how scripts and curl find their way while the stack runs. */
export interface Connection {
  /** No path: reads and writes together, as the gateway would serve them. */
  readonly baseUrl: string;
  readonly commandApiUrl: string;
  readonly queryApiUrl: string;
  readonly issuerUrl: string;
  readonly postgresUrl: string;
  /** Live a day. */
  readonly tokens: {
    readonly author: string;
    readonly approver: string;
    readonly viewer: string;
    readonly otherOrganization: string;
  };
  readonly routers: readonly { readonly siteId: string; readonly host: string; readonly port: number }[];
}

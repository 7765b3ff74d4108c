import { fileURLToPath } from 'node:url';

export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first byte; `starttls`: before anything is said; `none`: plain text. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly auth: { readonly user: string; readonly pass: string } | null;
  /** A file with PEM, beside the authorities that Node knows. */
  readonly caFile: string | null;
}

export type MailUrl = { readonly kind: 'file'; readonly directory: string } | { readonly kind: 'smtp'; readonly address: SmtpAddress };

const form = 'smtp[s]://[user:password@]host[:port][?ca=file] (smtp: also ?tls=false, then without a password), or file:///folder';

/** Says what is wrong, and never what was given: there may be a password in it. */
const refuse = (what: string): never => {
  throw new Error(`${what}; expected ${form}`);
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('the user or the password of the mail URL is not percent-encoded');
  }
};

const defaultPorts = { implicit: 465, starttls: 587, none: 25 } as const;
const parameters = new Set(['tls', 'ca']);

const smtpAddress = ({ protocol, hostname, port, username, password, pathname, hash, searchParams }: URL): SmtpAddress => {
  if (hostname === '' || (pathname !== '' && pathname !== '/') || hash !== '') refuse('the mail URL is not just a server');
  for (const name of searchParams.keys()) if (!parameters.has(name)) refuse('the mail URL has an unknown parameter');
  const asked = searchParams.get('tls');
  if (asked !== null && (asked !== 'false' || protocol === 'smtps:')) refuse('only tls=false can be asked for, and of smtp: only');
  const tls = protocol === 'smtps:' ? 'implicit' : asked === 'false' ? 'none' : 'starttls';
  const caFile = searchParams.get('ca');
  if ((username === '') !== (password === '')) refuse('the mail URL has half a login');
  // What goes over the wire can be read there.
  if (tls === 'none' && (username !== '' || caFile !== null)) refuse('a password or a certificate is for TLS');
  return {
    // Brackets are of the URL, not of the address.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPorts[tls] : Number(port),
    tls,
    auth: username === '' ? null : { user: decoded(username), pass: decoded(password) },
    caFile,
  };
};

/** Where mails go. Throws for anything else. */
export const parseMailUrl = (text: string): MailUrl => {
  const url = URL.canParse(text) ? new URL(text) : refuse('this is no URL');
  if (url.protocol === 'smtp:' || url.protocol === 'smtps:') return { kind: 'smtp', address: smtpAddress(url) };
  if (url.protocol !== 'file:' || url.host !== '' || url.search !== '' || url.hash !== '') return refuse('this is no mail URL');
  return { kind: 'file', directory: fileURLToPath(url) };
};

/** For checking an environment before anything is made of it. */
export const isMailUrl = (text: string): boolean => {
  try {
    return parseMailUrl(text).kind !== undefined;
  } catch {
    return false;
  }
};

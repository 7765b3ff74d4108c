import { isIP } from 'node:net';
import { z } from 'zod';
import { siteIdInput } from './identifiers.js';
import { limits } from './limits.js';
import { characters, line } from './text-input.js';

export const tlsModes = ['verify', 'pin', 'none'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** The port of the RouterOS API, unless a site names another. */
export const defaultPortOf = (tls: TlsMode): number => (tls === 'none' ? 8728 : 8729);

const label = /^[0-9A-Za-z_]([0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?$/;
const isHostName = (host: string): boolean => host.length <= 253 && host.split('.').every((part) => label.test(part));
const sha256 = /^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/;

const fields = {
  name: line(1, limits.siteNameCharacters).describe('A name for people.'),
  host: z
    .string()
    .refine((host) => isIP(host) !== 0 || isHostName(host), { error: 'must be a host name or an IP address' })
    .meta({
      description: 'Host name or IP address. It may be private; never link-local, nor the metadata address of a cloud.',
      minLength: 1,
      maxLength: 253,
    }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .describe('Unless given 8729, or 8728 without TLS; a site at such a port moves with a change of tls that names no other.'),
  tls: z.enum(tlsModes).describe('verify: a certificate of a known authority; pin: this one certificate; none: no TLS.'),
  tls_fingerprint: z
    .string()
    .regex(sha256, { error: 'must be a SHA-256 in hexadecimal' })
    .transform((fingerprint) => fingerprint.replaceAll(':', '').toLowerCase())
    .nullable()
    .describe('SHA-256 of the certificate that is pinned, in hexadecimal, with or without colons. The check of a site shows it.'),
  username: line(1, limits.usernameCharacters).describe('Whom we log in as.'),
  password: characters(0, limits.passwordCharacters).describe('Never shown again.'),
  serial: line(1, limits.serialCharacters)
    .nullable()
    .describe('The serial number of the device: another one that answers is refused, and no other site may have it.'),
};

/** Why a site's `tls` and `tls_fingerprint` do not fit together, or null. To be asked again once a change is merged with what stands. */
export const fingerprintProblem = (site: { readonly tls: TlsMode; readonly tls_fingerprint: string | null }): string | null => {
  if (site.tls === 'pin' && site.tls_fingerprint === null) return 'is required where tls is pin';
  if (site.tls !== 'pin' && site.tls_fingerprint !== null) return 'is only allowed where tls is pin';
  return null;
};

export const siteRequests = {
  create: z
    .strictObject({
      ...fields,
      id: siteIdInput().optional().describe("The caller's own id; made if absent."),
      port: fields.port.optional(),
      tls: fields.tls.default('verify'),
      tls_fingerprint: fields.tls_fingerprint.default(null),
      serial: fields.serial.default(null),
    })
    .superRefine((site, context) => {
      const problem = fingerprintProblem(site);
      if (problem) context.addIssue({ code: 'custom', path: ['tls_fingerprint'], message: problem });
    }),
  /** What is not given stays as it is. */
  change: z.strictObject(fields).partial(),
};

export type CreateSiteRequest = z.output<(typeof siteRequests)['create']>;
export type ChangeSiteRequest = z.output<(typeof siteRequests)['change']>;

import { z } from 'zod';
import type { Answered } from './answered.js';
import { siteId, timestamp } from './resource-fields.js';
import { tlsModes } from './site.requests.js';

/** The resource: fields in the promised order. There is no password in it, and none to put there. */
export const siteResource = z
  .object({
    id: siteId('The site: its registrant chose the id, or it was made.'),
    name: z.string().meta({ description: 'A name for people.', examples: ['Harbour office'] }),
    host: z.string().meta({ description: 'Host name or IP address of the router.', examples: ['192.0.2.17'] }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .meta({ description: 'Port of the RouterOS API there.', examples: [8_729] }),
    tls: z.enum(tlsModes).meta({
      description: '`verify`: a certificate of a known authority. `pin`: the one certificate of `tls_fingerprint`. `none`: no TLS.',
      examples: ['verify'],
    }),
    tls_fingerprint: z
      .string()
      .nullable()
      .meta({ description: 'SHA-256 of the pinned certificate, lower-case hexadecimal; null unless `tls` is `pin`.', examples: [null] }),
    username: z.string().meta({ description: 'Whom we log in as.', examples: ['automation'] }),
    serial: z
      .string()
      .nullable()
      .meta({
        description: 'Serial number of the device: another one that answers there is refused. null: whichever answers.',
        examples: ['HG109ABCDE'],
      }),
    created_at: timestamp('When it was registered.', '2025-10-01T08:00:00.000000Z'),
    updated_at: timestamp('When it was last changed.', '2025-10-01T08:00:00.000000Z'),
  })
  .meta({ title: 'Site', description: 'One router: where it is and how it is trusted. The password is never shown.' });

export type SiteJson = Answered<typeof siteResource>;

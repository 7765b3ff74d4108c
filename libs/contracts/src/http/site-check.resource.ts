import { z } from 'zod';
import { siteIdInput } from './identifiers.js';
import { tlsModes } from './site.requests.js';

/**
 * What can be found wrong with a site. The first four and `wrong_device` mean what they mean as reasons of executions. Codes may be
 * added; none changes its meaning.
 */
export const siteCheckProblemCodes = [
  'unreachable',
  'tls_untrusted',
  'login_failed',
  'wrong_device',
  /** The name leads to an address that no site may have. */
  'address_refused',
  /** The keys at hand do not open the stored password. */
  'credentials_unreadable',
  /** The router took the connection, and then ended it or fell silent before everything was asked. */
  'broken_off',
  /** It let us in and refused a question. */
  'router_refused',
  /** It answered a question with something that cannot be an answer. */
  'router_unintelligible',
  'version_unsupported',
  /** The user's group lacks rights that every run needs. */
  'rights_missing',
  /** Or such that only a backup needs. */
  'backup_rights_missing',
  /** The router does not say what the user may do. */
  'rights_unknown',
  'clock_off',
  /** Another site of the organization has this router's serial number. */
  'registered_twice',
] as const;

export type SiteCheckProblemCode = (typeof siteCheckProblemCodes)[number];

const routersWords = z.string().min(1).max(500);
const policies = z.array(z.string().min(1).max(64)).max(64);

/** What `POST /sites/{id}/check` found, fields in the promised order. A part is null where the router was not asked, or gave no answer. */
export const siteCheckResource = z
  .strictObject({
    site_id: siteIdInput().describe('The site that was checked.'),
    checked_at: z.iso.datetime({ precision: 6 }).describe('When the check began, by our clock.'),
    reachable: z.boolean().describe('Whether somebody took the connection.'),
    tls: z
      .strictObject({
        mode: z.enum(tlsModes).describe('What the site is registered with.'),
        fingerprint: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable()
          .describe(
            'SHA-256 of the certificate that was shown, trusted or not: fit for tls_fingerprint once it has been compared with the router itself.',
          ),
        trusted: z.boolean().nullable().describe('Whether that certificate is what the site asks for; null without TLS.'),
      })
      .describe('How the connection was secured.'),
    logged_in: z.boolean().describe('Whether the router let us in.'),
    identity: z
      .strictObject({
        name: routersWords.nullable().describe('What the router calls itself.'),
        board: routersWords.nullable().describe('The model.'),
        serial: routersWords.nullable().describe('Virtual routers have none.'),
        serial_matches: z.boolean().nullable().describe('Whether it is the serial number of the site; null if the site names none.'),
      })
      .nullable()
      .describe('Which router answered.'),
    version: z
      .strictObject({
        text: routersWords.describe('Of RouterOS, in its own words.'),
        supported: z.boolean().describe('RouterOS 6.49 or later.'),
      })
      .nullable()
      .describe('What runs on it.'),
    rights: z
      .strictObject({
        group: routersWords.describe('The group of the user on the router.'),
        policies: policies.describe('What the group may do, in the words of RouterOS.'),
        missing: policies.describe('What every run needs and the group may not.'),
        missing_for_backup: policies.describe('What make_backup needs beyond that and the group may not.'),
      })
      .nullable()
      .describe('What our user may do there.'),
    clock: z
      .strictObject({
        time: z.iso.datetime({ precision: 6 }).describe("The router's own time in UTC."),
        offset_seconds: z.int().describe('How far it is ahead of ours.'),
        near: z.boolean().describe('Whether that is less than a minute.'),
      })
      .nullable()
      .describe("The router's clock."),
    duration_ms: z.int().min(0).describe('How long the check took, in milliseconds.'),
    problems: z
      .array(
        z.strictObject({
          code: z.enum(siteCheckProblemCodes).describe('What is wrong, for programs. Codes may be added.'),
          message: z.string().min(1).max(500).describe('For people.'),
        }),
      )
      .describe('Empty: a script can be run there.'),
  })
  .meta({
    title: 'Site check',
    description: 'What a look at a router has found. A part is null where it was not asked, or gave no answer.',
  });

export type SiteCheckJson = z.output<typeof siteCheckResource>;

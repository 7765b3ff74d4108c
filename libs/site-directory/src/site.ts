/** `verify`: a certificate of a known authority; `pin`: exactly this certificate; `none`: plain text. */
export type TlsMode = 'verify' | 'pin' | 'none';

/** How one router is reached. */
export interface SiteSettings {
  readonly name: string;
  /** An IP address or a name. */
  readonly host: string;
  /** 1..65535. */
  readonly port: number;
  readonly tls: TlsMode;
  /** SHA-256 of the certificate, lower-case hex. Exactly with `pin`. */
  readonly tlsFingerprint: string | null;
  readonly username: string;
  /** The device's serial number: another one that answers there is the wrong device. No other site of the organization may have it. */
  readonly serial: string | null;
}

export interface Site extends SiteSettings {
  readonly id: string;
  readonly organizationId: string;
  /** Counts the changes, from 1. */
  readonly version: number;
  /** UTC with six fraction digits. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface NewSite extends SiteSettings {
  /** An inventory may bring its own; otherwise one is made. */
  readonly id?: string | undefined;
  readonly password: string;
}

/** What is undefined stays as it is. */
export type SiteChange = { readonly [Setting in keyof SiteSettings]?: SiteSettings[Setting] | undefined } & {
  readonly password?: string | undefined;
};

export type SiteRefusalCode =
  | 'site_not_found'
  | 'site_already_exists'
  | 'serial_taken'
  | 'site_in_use'
  | 'site_reserved'
  | 'revision_mismatch'
  | 'fingerprint_missing'
  | 'fingerprint_needless';

/** Why the directory does not do what it was asked. */
export class SiteRefusal extends Error {
  constructor(
    readonly code: SiteRefusalCode,
    /** With `site_in_use` and `site_reserved` the script, with `serial_taken` the site that has the serial number, if it still has. */
    readonly inTheWay: string | null = null,
  ) {
    super(code);
    this.name = 'SiteRefusal';
  }
}

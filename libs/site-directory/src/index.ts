export { dialSite, type DialOptions, type SiteDial } from './addresses/dial-site.js';
export { refusedAddress, type AddressPolicy, type AddressRefusal } from './addresses/refused-address.js';
export {
  AddressRefused,
  AddressUnresolved,
  resolveSiteAddress,
  type Lookup,
  type ResolveOptions,
} from './addresses/resolve-site-address.js';
export { InvalidKeyRing, isKeyRing, parseKeyRing, type KeyRing } from './credentials/key-ring.js';
export { openCredentials, type SiteCredentials } from './credentials/open-credentials.js';
export {
  credentialKeys,
  reencryptCredentials,
  type KeyUse,
  type Reencryption,
  type ReencryptionOptions,
} from './credentials/reencrypt-credentials.js';
export { CredentialsUnreadable } from './credentials/sealed-password.js';
export type { OpenChange } from './open-changes.js';
export { openSiteDirectory, type SiteDirectoryOptions } from './postgres.site-directory.js';
export { siteDirectoryMigrations } from './site-directory.migrations.js';
export type { SiteDirectory } from './site-directory.js';
export { siteNames } from './site-names.js';
export type { ReservedUse, SiteUse, UseOf } from './site-uses.js';
export { SiteRefusal, type NewSite, type Site, type SiteChange, type SiteRefusalCode, type SiteSettings, type TlsMode } from './site.js';

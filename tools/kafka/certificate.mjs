import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keytool, run } from './jars.mjs';
import { keystorePassword } from './properties.mjs';

/** A key and a certificate that vouches for itself, by the tool that comes with Java. */
export const makeKeystore = async (directory) => {
  const [keystore, certificate] = [join(directory, 'keystore.p12'), join(directory, 'ca.pem')];
  const common = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', keystorePassword, '-alias', 'broker'];
  if (!existsSync(certificate)) {
    const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
    await run(keytool, ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650', ...names, ...common]);
    writeFileSync(certificate, await run(keytool, ['-exportcert', '-rfc', ...common]));
  }
  return { keystore, ca: readFileSync(certificate, 'utf8') };
};

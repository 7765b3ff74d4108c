import { fingerprintProblem, problem, type HttpProblem, type ProblemCode } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import { AddressRefused, AddressUnresolved, SiteRefusal } from '@scheduled-scripts/site-directory';

const field = (param: string, code: ProblemCode, complaint: string): HttpProblem =>
  problem(code, { message: `${param}: ${complaint}`, param, errors: [{ param, code, message: complaint }] });

const ofRefusal = ({ code, inTheWay }: SiteRefusal): HttpProblem => {
  switch (code) {
    case 'revision_mismatch':
      return problem(code, { message: 'The site has changed since the version that If-Match names.', param: 'If-Match' });
    case 'site_in_use':
      return problem(code, { message: `The scheduled script ${inTheWay} may still run at this site.` });
    case 'site_reserved':
      return problem('site_in_use', {
        message: `The site was reserved for the scheduled script ${inTheWay} less than a minute ago, by a request whose end is not known.`,
        headers: { 'Retry-After': '60' },
      });
    case 'serial_taken':
      return problem('site_serial_taken', {
        param: 'serial',
        ...(inTheWay === null ? {} : { message: `The site ${inTheWay} has this serial number: one router is one site.` }),
      });
    case 'fingerprint_missing':
      return field('tls_fingerprint', 'parameter_missing', fingerprintProblem({ tls: 'pin', tls_fingerprint: null }) ?? '');
    case 'fingerprint_needless':
      return field('tls_fingerprint', 'parameter_invalid', fingerprintProblem({ tls: 'verify', tls_fingerprint: '' }) ?? '');
    case 'site_not_found':
    case 'site_already_exists':
      return problem(code);
    default:
      return code satisfies never;
  }
};

const problemOf = (error: unknown): HttpProblem | null => {
  if (error instanceof SiteRefusal) return ofRefusal(error);
  if (error instanceof AddressRefused) {
    return field('host', 'parameter_invalid', `has an address that a site may not have (${error.reason})`);
  }
  if (!(error instanceof AddressUnresolved)) return null;
  if (error.isTemporary) return problem('dependency_unavailable', { headers: { 'Retry-After': '5' } });
  return field('host', 'parameter_invalid', 'is a name without an address');
};

/** What the directory refuses, as what a client is told. */
export const orSiteProblem = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    const told = problemOf(error);
    throw told ? new ApiError(told, { cause: error }) : error;
  }
};

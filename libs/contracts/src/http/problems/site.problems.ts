import type { ProblemEntry } from './problem-entry.js';

/** Sites: the same. */
export const siteProblems = {
  site_not_found: {
    status: 404,
    message: 'No such site.',
    meaning: 'No site of your organization has this id.',
    remedy: 'Take the id from `GET /sites`. Of a `DELETE` that is sent again it is the answer to expect.',
  },
  site_already_exists: {
    status: 409,
    message: 'A site with this id already exists.',
    meaning: 'Your organization has a site with this id already.',
    remedy: 'If you have only sent the request again, it is registered. To change it, `PATCH /sites/{id}`.',
  },
  site_serial_taken: {
    status: 409,
    message: 'Another site has this serial number.',
    meaning: 'Another site of your organization has this serial number, and one router is one site.',
    remedy: 'Use that site, or remove it before you register its router anew.',
  },
  site_check_in_progress: {
    status: 409,
    message: 'This site is being checked already.',
    meaning: 'Somebody is checking this site at this moment.',
    remedy: 'Ask again after as many seconds as `Retry-After` says.',
  },
  site_in_use: {
    status: 409,
    message: 'A pending script targets this site.',
    meaning: 'A script that is not over may still run at this site, or a request that was cut short may yet come to want it.',
    remedy:
      'With `Retry-After`, ask again after as many seconds as it says. Else wait for the end of the script that `message` names, cancel it, or ' +
      'take the site out of it.',
  },
} as const satisfies Record<string, ProblemEntry>;

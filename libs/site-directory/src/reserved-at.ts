/**
 * Between a reservation and the append it is for lies less than a request's time. A process that is paused for longer may yet append:
 * then the site fails with `site_removed`, visibly.
 */
const appendMayBeUnderWaySeconds = 60;

/** Of a table with `reserved_at`: no append that the row was made for is under way any more. */
export const isOld = (table: string): string =>
  `${table}.reserved_at < clock_timestamp() - make_interval(secs => ${appendMayBeUnderWaySeconds})`;

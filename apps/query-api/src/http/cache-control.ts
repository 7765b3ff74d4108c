/** Of whatever is one organization's, and to be asked for again each time. */
export const privately = 'private, no-cache';

/** What we create on a router, by execution. Everything begins with `ax-<execution>`. */
export const objectNames = (executionId: string) => ({
  /** The user's text; its comment is the marker. */
  script: `ax-${executionId}`,
  wrapper: `ax-${executionId}-w`,
  /** An empty entry. Whoever removes it has started the script; whoever renames it has withdrawn it. */
  ticket: `ax-${executionId}-t`,
  withdrawn: `ax-${executionId}-x`,
  /** One-shot scheduler, where a script cannot be started detached over the API. */
  schedule: `ax-${executionId}-s`,
  /** Without the endings that RouterOS gives its files. */
  backup: `ax-${executionId}`,
});

const nameForm = /^ax-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(-[wtxs]|\..*)?$/;

/** The execution that an object's name speaks of; `null` for what is not ours. */
export const executionOfName = (name: string): string | null => nameForm.exec(name)?.[1] ?? null;

/** Comments tell whose an object is: two installations that share a router never sweep each other's. */
export const commentOf = (installation: string, executionId: string, marker: string): string =>
  `ax:${installation}:${executionId}:${marker}`;

export const isOurs = (installation: string, comment: string | undefined): boolean => comment?.startsWith(`ax:${installation}:`) ?? false;

/** What stands behind our prefix in the comment of an execution's script; `null` if it is not such a comment. */
export const markerText = (installation: string, executionId: string, comment: string | undefined): string | null => {
  const prefix = commentOf(installation, executionId, '');
  return comment?.startsWith(prefix) ? comment.slice(prefix.length) : null;
};

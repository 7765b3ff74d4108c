/** The human's side: standard error. Standard output belongs to the result. */
export interface Terminal {
  step(text: string): void;
  detail(text: string): void;
  /** Redrawn in place on a terminal; a line now and then elsewhere. */
  progress(completed: number, failed: number, total: number): void;
  failure(text: string): void;
}

const width = 24;

const bar = (completed: number, failed: number, total: number): string => {
  const cells = (count: number): number => Math.round((count / Math.max(1, total)) * width);
  const filled = cells(completed + failed);
  const red = Math.min(filled, cells(failed));
  return `[${'#'.repeat(filled - red)}${'x'.repeat(red)}${'.'.repeat(width - filled)}]`;
};

export const createTerminal = (out: Pick<NodeJS.WriteStream, 'isTTY'> & { write(text: string): boolean } = process.stderr): Terminal => {
  let open = false;
  let lastText = '';
  const line = (text: string): void => {
    if (open) out.write('\n');
    open = false;
    out.write(`${text}\n`);
  };
  return {
    step: (text) => line(`* ${text}`),
    detail: (text) => line(`    ${text}`),
    failure: (text) => line(`! ${text}`),
    progress: (completed, failed, total) => {
      const shown = `  ${bar(completed, failed, total)} ${completed + failed}/${total}: ${completed} completed, ${failed} failed`;
      if (shown === lastText) return;
      lastText = shown;
      if (!out.isTTY) return line(shown);
      out.write(`\r\u001B[K${shown}`);
      open = true;
    },
  };
};

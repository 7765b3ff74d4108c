import { hash } from 'node:crypto';
import type { ScheduledScripts } from '@scheduled-scripts/event-store';

/** Texts of up to 60 kB each. */
const kept = 64;

/** The stream holds no text with this hash: what was ordered is not what was stored. */
export class ScriptTextMissing extends Error {
  readonly code = 'script_text_missing';
}

/**
 * The texts that executions refer to by hash, read from their script's stream once. The hash is computed anew, so that what runs
 * is what was approved, to the byte.
 */
export class ScriptTexts {
  private readonly texts = new Map<string, Promise<string>>();

  constructor(private readonly scripts: ScheduledScripts) {}

  get({ scriptId, scriptSha256 }: { readonly scriptId: string; readonly scriptSha256: string }): Promise<string> {
    const key = `${scriptId}/${scriptSha256}`;
    const known = this.texts.get(key);
    if (known) return known;
    const text = this.read(scriptId, scriptSha256);
    this.texts.set(key, text);
    void text.catch(() => this.texts.delete(key));
    const [oldest] = this.texts.keys();
    if (this.texts.size > kept && oldest !== undefined) this.texts.delete(oldest);
    return text;
  }

  private async read(scriptId: string, sha256: string): Promise<string> {
    for (const { event } of await this.scripts.history(scriptId)) {
      if (event.type !== 'scheduled-script.created.v1' && event.type !== 'scheduled-script.revised.v1') continue;
      const { script } = event.data;
      if (hash('sha256', script) === sha256) return script;
    }
    throw new ScriptTextMissing(`the stream of script ${scriptId} holds no text with the hash that was ordered`);
  }
}

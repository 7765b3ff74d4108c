import { setTimeout as pause } from 'node:timers/promises';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError, OpenAI } from 'openai';
import { z } from 'zod';
import { maximumSummaryCharacters, SummaryUnavailable, type SummaryWriter } from '../summary-writer.js';
import { summaryIn } from './answer.js';
import { boundedFetch } from './bounded-fetch.js';
import { omits } from './omissions.js';
import { promptOf, type Prompt } from './prompt.js';

export interface LanguageModelOptions {
  /** Base URL of an OpenAI-compatible API. */
  readonly url: string;
  readonly model: string;
  readonly key: string | undefined;
  /** For one script, repeats included. */
  readonly timeoutMillis: number;
  /** Before the first repeat; twice as long before the next. 250 unless told. */
  readonly pauseMillis?: number;
}

const maximumAnswerTokens = 400;
const tries = 3;
const cutNote = ' Only the beginning of the script was read.';

const completion = z.object({
  choices: z.tuple([z.object({ finish_reason: z.string().nullish(), message: z.object({ content: z.string() }) })], z.unknown()),
});

const unavailable = (error: unknown): SummaryUnavailable => {
  if (error instanceof SummaryUnavailable) return error;
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) return new SummaryUnavailable('timeout');
  if (error instanceof APIConnectionError) return new SummaryUnavailable('unreachable');
  if (error instanceof APIError && typeof error.status === 'number') {
    const { status } = error;
    return new SummaryUnavailable(status === 429 ? 'busy' : status >= 500 ? 'failing' : 'refused', status);
  }
  // What was answered is no JSON, not what the API promises, or too long.
  return new SummaryUnavailable('unfit_answer');
};

const isWorthRepeating = ({ reason }: SummaryUnavailable): boolean => reason === 'busy' || reason === 'failing' || reason === 'unreachable';

/** How long the server wants to be left alone, in milliseconds. */
const askedPauseOf = (error: unknown): number => {
  const seconds = error instanceof APIError ? Number(error.headers?.get('retry-after') ?? 0) : 0;
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
};

/** Asks a language model behind an OpenAI-compatible API. The one place from which a script, without its secrets, leaves the house. */
export class LanguageModelWriter implements SummaryWriter {
  readonly name = 'language-model';
  private readonly client: OpenAI;

  constructor(private readonly options: LanguageModelOptions) {
    const { url, key } = options;
    this.client = new OpenAI({
      baseURL: url,
      apiKey: key ?? 'none',
      // Else the client looks into the environment for these, or writes to the console.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      logLevel: 'off',
      // It would wait for as long as the server asks it to.
      maxRetries: 0,
      fetch: boundedFetch,
      ...(key === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    });
  }

  async write(script: string, signal: AbortSignal): Promise<string> {
    const { timeoutMillis, pauseMillis = 250 } = this.options;
    const deadline = Date.now() + timeoutMillis;
    const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]);
    const prompt = promptOf(script);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const summary = await this.ask(prompt, ended);
        if (omits(script, summary)) throw new SummaryUnavailable('unfit_answer');
        return summary;
      } catch (error) {
        const reason = ended.aborted ? new SummaryUnavailable('timeout') : unavailable(error);
        const millis = Math.max(pauseMillis * 2 ** (attempt - 1) * (1 - Math.random() / 4), askedPauseOf(error));
        if (attempt === tries || !isWorthRepeating(reason) || Date.now() + millis >= deadline) throw reason;
        await pause(millis, undefined, { signal: ended }).catch(() => undefined);
      }
    }
  }

  private async ask({ system, data, fence, isCut }: Prompt, signal: AbortSignal): Promise<string> {
    const { model, timeoutMillis } = this.options;
    const body = {
      model,
      messages: [
        { role: 'system' as const, content: system },
        { role: 'user' as const, content: data },
      ],
      max_tokens: maximumAnswerTokens,
    };
    const answered: unknown = await this.client.chat.completions.create(body, { signal, timeout: timeoutMillis });
    const parsed = completion.safeParse(answered);
    if (!parsed.success) throw new SummaryUnavailable('unfit_answer');
    const [{ message, finish_reason: finish }] = parsed.data.choices;
    const isBroken = finish === 'length';
    if (!isBroken && finish !== 'stop' && finish != null) throw new SummaryUnavailable('unfit_answer');
    const limit = maximumSummaryCharacters - (isCut ? cutNote.length : 0);
    return summaryIn({ text: message.content, isBroken, fence }, limit) + (isCut ? cutNote : '');
  }
}

import type { SummarizerEnvironment } from '../environment.js';
import { Circuit } from './circuit.js';
import { explainer } from './explainer.summary-writer.js';
import { firstChoice, only, type FirstChoiceOptions, type WriteSummary } from './first-choice.summary-writer.js';

type Configuration = Pick<
  SummarizerEnvironment,
  'SUMMARY_MODEL_URL' | 'SUMMARY_MODEL' | 'SUMMARY_MODEL_KEY' | 'SUMMARY_MODEL_TIMEOUT_MILLIS'
>;

/** The language model where one is configured, with the explainer behind it; else the explainer. */
export const chosenWriter = async (env: Configuration, onFallback: FirstChoiceOptions['onFallback']): Promise<WriteSummary> => {
  const { SUMMARY_MODEL_URL: url, SUMMARY_MODEL: model, SUMMARY_MODEL_KEY: key, SUMMARY_MODEL_TIMEOUT_MILLIS: timeoutMillis } = env;
  if (url === undefined || model === undefined) return only(explainer);
  // Only who asks a model needs a client for it.
  const { LanguageModelWriter } = await import('./language-model/language-model.summary-writer.js');
  const first = new LanguageModelWriter({ url, model, key: key?.reveal(), timeoutMillis });
  return firstChoice({ first, second: explainer, circuit: new Circuit(), onFallback });
};

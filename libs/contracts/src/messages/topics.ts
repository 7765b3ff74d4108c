/** The promised topics. 12 partitions for ever: a key's partition must never move. */
export const topics = {
  /** Key: script id. Holds the text of scripts: grant access accordingly. */
  scheduledScript: 'scheduled-script.events.v1',
  /** Key: site id, so that what happens at one router stays in order. */
  siteExecution: 'site-execution.events.v1',
} as const;

export type TopicName = (typeof topics)[keyof typeof topics];

export const topicSpecifications = Object.values(topics).map((name) => ({ name, partitions: 12 }));

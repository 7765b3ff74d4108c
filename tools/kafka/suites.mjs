import { describeWhere } from '../jest/describe-where.mjs';
import { kafkaAvailable } from './jars.mjs';

/** `describe` for suites that need a broker: where none can be started they are skipped aloud, in CI they fail. */
export const describeWithKafka = describeWhere('a Kafka broker', kafkaAvailable);

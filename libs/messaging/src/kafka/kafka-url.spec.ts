import { describe, expect, it } from '@jest/globals';
import { parseKafkaUrl } from './kafka-url.js';

const complaintAbout = (url: string): string => {
  try {
    parseKafkaUrl(url);
  } catch (error) {
    return error instanceof Error ? `${error.message} ${error.stack}` : '';
  }
  return '';
};

describe('parseKafkaUrl', () => {
  it('reads brokers', () => {
    expect(parseKafkaUrl('kafka://127.0.0.1:9092,broker-2.example:9093')).toEqual({
      brokers: ['127.0.0.1:9092', 'broker-2.example:9093'],
      isEncrypted: false,
      files: {},
    });
  });

  it('reads who logs in and how, what is trusted, and the replication', () => {
    const url = 'kafkas://app:p%40ss%2Fw%3Ard@b1:9093,b2:9093/?sasl=plain&replication=3&ca=/etc/kafka/ca.pem&cert=c.pem&key=k.pem';
    expect(parseKafkaUrl(url)).toEqual({
      brokers: ['b1:9093', 'b2:9093'],
      isEncrypted: true,
      sasl: { mechanism: 'plain', username: 'app', password: 'p@ss/w:rd' },
      files: { ca: '/etc/kafka/ca.pem', cert: 'c.pem', key: 'k.pem' },
      replicationFactor: 3,
    });
    expect(parseKafkaUrl('kafka://app:secret@b1:9092').sasl?.mechanism).toBe('scram-sha-512');
  });

  it.each([
    ['kafka://', 'no Kafka URL'],
    ['http://b1:9092', 'no Kafka URL'],
    ['kafka://app:secret@b1', 'not host:port'],
    ['kafka://app:secret@[::1]:9092', 'not host:port'],
    ['kafka://app:sec%ret@b1:9092', 'not percent-encoded'],
    ['kafka://app:secret@b1:9092?sasl=kerberos', 'unknown way to log in'],
    ['kafka://app:secret@b1:9092?password=secret', 'unknown parameter'],
    ['kafka://app:secret@b1:9092?replication=many', 'not a number'],
    ['kafka://app:secret@b1:9092?ca=secret.pem', 'for kafkas:'],
    ['kafka://b1:9092?sasl=plain', 'nobody who logs in'],
    ['kafka://secret@b1:9092', 'no Kafka URL'],
    ['kafka://app:sec@ret@b1:9092', 'no Kafka URL'],
  ])('refuses %s and says why, without what was given', (url, why) => {
    const complaint = complaintAbout(url);
    expect(complaint).toContain(why);
    expect(complaint).not.toMatch(/secret|sec%ret|sec@ret/);
  });
});

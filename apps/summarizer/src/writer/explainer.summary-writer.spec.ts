import { expect, it } from '@jest/globals';
import { explainer } from './explainer.summary-writer.js';
import { summaryWriterContract } from '../testing/summary-writer.contract.js';

summaryWriterContract('explainer', () => Promise.resolve(explainer));

it('the explainer says of the seed’s script what the seed says', async () => {
  const script = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';
  expect(await explainer.write(script, new AbortController().signal)).toBe(
    'This script adds a firewall filter rule to drop input from the address list "blacklist".',
  );
});

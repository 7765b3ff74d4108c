import { describe, expect, it } from '@jest/globals';
import { complaintOf } from './parse-complaint.js';

// In the form in which a RouterOS 7.23.3 answers `:put [:parse …]`.
describe('what the router prints for a script', () => {
  it.each([
    ['syntax error (line 3 column 7)', 'syntax error (line 3 column 7)'],
    ['expected end of command (line 1 column 10)\r\n', 'expected end of command (line 1 column 10)'],
    ['missing closing brace (line 2 column 7)', 'missing closing brace (line 2 column 7)'],
    ['(<%% bad command name zzz (line 1 column 2) zzz;qqq;print)', 'bad command name zzz (line 1 column 2)'],
    ['(evl /ip/address/print);(evl bad parameter bogus (line 2 column 29) /ip/address/print)', 'bad parameter bogus (line 2 column 29)'],
  ])('is a complaint: %j', (printed, complaint) => {
    expect(complaintOf(printed)).toBe(complaint);
  });

  it.each([
    '',
    '/',
    '(evl /ip/address/print)',
    '(evl /putmessage=syntax error (line 1 column 2))',
    '(evl /putmessage=bad command name x (line 1 column 2))',
    '(evl /docommand=;(evl (<%% bad command name zzz (line 1 column 7) zzz;print));on-error=;(evl (evl /putmessage=no)))',
    '(evl /ifcondition=(= 1 2);do=;(evl (<%% bad command name zzz (line 1 column 20) zzz)))',
    '(evl /putmessage=one);(evl /putmessage=two)',
  ])('is none: %j', (printed) => {
    expect(complaintOf(printed)).toBeNull();
  });
});

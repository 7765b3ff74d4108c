import { z } from 'zod';

export const problemTypes = [
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'not_found_error',
  'conflict_error',
  'rate_limit_error',
  'api_error',
] as const;

const code = (example: string) => z.string().meta({ description: 'What is wrong, for programs. Codes may be added.', examples: [example] });

export const fieldErrorResource = z
  .object({
    param: z.string().meta({ description: 'The field, for example `sites[3]`.', examples: ['sites[3]'] }),
    code: code('unknown_site'),
    message: z.string().meta({ description: 'For people.', examples: ['The site site_3CdEfGhIjKlMnOpQrStUvWx is not known.'] }),
  })
  .meta({ title: 'Field error' });

/** The body of every answer that is an error. */
export const problemResource = z
  .object({
    type: z.enum(problemTypes).meta({ description: 'The kind of error; it follows from the status.', examples: ['invalid_request_error'] }),
    code: code('parameter_invalid'),
    message: z.string().meta({ description: 'For people; may change at any time.', examples: ['A parameter is not valid.'] }),
    doc_url: z.string().meta({ format: 'uri', description: 'Where the code is explained: a page with a section for each code.' }),
    param: z
      .string()
      .optional()
      .meta({ description: 'The field or header that is at fault, where it is one.', examples: ['launch_at'] }),
    errors: z.array(fieldErrorResource).optional().meta({
      description: 'Every field that is at fault: at most 50, but every site that is not known. `param` and `code` above repeat the first.',
    }),
  })
  .meta({ title: 'Problem', description: 'What went wrong. Decide on the status and `code`, never on `message`.' });

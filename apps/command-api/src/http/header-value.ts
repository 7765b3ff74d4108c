import { problem } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

/** What the schema makes of a header, undefined without one. A header that cannot be understood is malformed syntax: 400. */
export const headerValue = <Output>(request: FastifyRequest, name: string, schema: z.ZodType<Output, string>): Output | undefined => {
  const header = request.headers[name.toLowerCase()];
  if (header === undefined) return undefined;
  const parsed = schema.safeParse(String(header));
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? 'is not usable';
  throw new ApiError({ ...problem('parameter_invalid', { param: name, message: `${name} ${message}.` }), status: 400 });
};

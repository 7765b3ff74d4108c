import type { FastifyReply } from 'fastify';

/** A JSON answer in the form in which it can be kept and sent again, byte for byte. */
export interface Presented {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const sendPresented = (reply: FastifyReply, { status, headers, body }: Presented): void => {
  void reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body);
};

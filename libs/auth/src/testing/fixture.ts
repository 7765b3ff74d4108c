import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catch, type ArgumentsHost, type DynamicModule, type ExceptionFilter, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AuthModule, type AuthOptions } from '../auth.module.js';
import { startIssuer, type Issuer, type IssuerOptions } from '../issuer/index.js';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly headers?: Record<string, string>;
}

/** As the error filter of every service does it: by the shape alone. */
@Catch()
class ProblemFilter implements ExceptionFilter {
  catch(error: { readonly api?: Problem; getStatus?: () => number }, host: ArgumentsHost): void {
    const { status, code, headers = {} } = error.api ?? { status: error.getStatus?.() ?? 500, code: 'other' };
    void host.switchToHttp().getResponse<FastifyReply>().code(status).headers(headers).send({ code });
  }
}

export interface TestApp {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startApp(controller: Type, options: AuthOptions): Promise<TestApp> {
  class TestModule {}
  const module: DynamicModule = { module: TestModule, controllers: [controller], imports: [AuthModule.forRoot(options)] };
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false, abortOnError: false });
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), stop: () => app.close() };
}

export const temporaryFile = (): string => join(mkdtempSync(join(tmpdir(), 'issuer-')), 'keys.json');

export const testIssuer = (options: Partial<IssuerOptions> = {}): Promise<Issuer> =>
  startIssuer({ keyFile: temporaryFile(), nodeEnv: 'test', ...options });

export const author = { sub: 'auth0|author', organizationId: 'org_demo', scopes: ['script:view', 'script:create'], lifetimeSeconds: 60 };

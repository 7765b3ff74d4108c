// The least that a POST of Nest on Fastify can cost: reads the body and answers with it. Nothing is checked, and nothing is kept.
import { createRequire } from 'node:module';

// The framework of our services, not that of the other sides.
const ours = createRequire(new URL('../../../package.json', import.meta.url));
ours('reflect-metadata');
const { Body, Controller, Module, Post } = ours('@nestjs/common');
const { NestFactory } = ours('@nestjs/core');
const { FastifyAdapter } = ours('@nestjs/platform-fastify');

class BareController {
  answer(body) {
    return body;
  }
}
const { prototype } = BareController;
Controller('scripts')(BareController);
Body()(prototype, 'answer', 0);
Post('bare')(prototype, 'answer', Object.getOwnPropertyDescriptor(prototype, 'answer'));

class BareModule {}
Module({ controllers: [BareController] })(BareModule);

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: ['error'], abortOnError: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => void app.close().finally(() => process.exit()));
process.send?.('listening');

// The least that keeps a script and lists it: Nest on Express, TypeORM, one table. No tokens, no validation, no events: `same-endpoint.mjs` has them.
// Decorators are applied by hand, as a compiler would write them: so it needs none.
import 'reflect-metadata';
import { Body, Controller, Get, Inject, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { EntitySchema } from 'typeorm';

const { DATABASE_URL, PORT, POOL_SIZE } = process.env;

const PlainScript = new EntitySchema({
  name: 'PlainScript',
  tableName: 'plain_script',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'text', name: 'organization_id' },
    createdBy: { type: 'text', name: 'created_by' },
    description: { type: 'text' },
    script: { type: 'text' },
    status: { type: 'text' },
    launchAt: { type: 'timestamptz', name: 'launch_at' },
    sites: { type: 'text', array: true },
    notify: { type: 'text', array: true },
    makeBackup: { type: 'boolean', name: 'make_backup' },
    abortIfOffline: { type: 'boolean', name: 'abort_if_offline' },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});

/** The rows that our list is made of. */
const ListedScript = new EntitySchema({
  name: 'ListedScript',
  schema: 'read_model',
  tableName: 'scheduled_scripts_g1',
  synchronize: false,
  columns: {
    id: { type: 'uuid', primary: true },
    organizationId: { type: 'text', name: 'organization_id' },
    version: { type: 'integer' },
    status: { type: 'text' },
    createdBy: { type: 'text', name: 'created_by' },
    launchAt: { type: 'text', name: 'launch_at' },
    authorizedAt: { type: 'text', name: 'authorized_at', nullable: true },
    cancelledAt: { type: 'text', name: 'cancelled_at', nullable: true },
    createdAt: { type: 'text', name: 'created_at' },
    updatedAt: { type: 'text', name: 'updated_at' },
    sites: { type: 'text', array: true },
    plan: { type: 'text' },
    summary: { type: 'text', nullable: true },
  },
});

const rowOf = (body) => ({
  organizationId: 'org_bench',
  createdBy: 'auth0|author',
  description: body.description,
  script: body.script,
  status: 'unauthorized',
  launchAt: body.launch_at,
  sites: body.sites,
  notify: body.notify,
  makeBackup: body.make_backup ?? false,
  abortIfOffline: body.abort_if_offline ?? false,
});

class PlainScriptsController {
  constructor(scripts, listed) {
    this.scripts = scripts;
    this.listed = listed;
  }

  async insert(body) {
    const row = rowOf(body);
    await this.scripts.insert(row);
    return row;
  }

  async list(page) {
    const [items, total] = await this.listed.findAndCount({
      where: { organizationId: 'org_bench' },
      order: { id: 'DESC' },
      skip: (Number(page) - 1) * 50,
      take: 50,
    });
    return { items, total };
  }
}

const route = (decorator, method, argument) => {
  const { prototype } = PlainScriptsController;
  argument(prototype, method, 0);
  decorator(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
};
Controller('scripts')(PlainScriptsController);
Inject(getRepositoryToken(PlainScript))(PlainScriptsController, undefined, 0);
Inject(getRepositoryToken(ListedScript))(PlainScriptsController, undefined, 1);
route(Post(), 'insert', Body());
route(Get(), 'list', Query('page'));

const entities = [PlainScript, ListedScript];
class PlainModule {}
Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: DATABASE_URL, entities, synchronize: true, poolSize: Number(POOL_SIZE) }),
    TypeOrmModule.forFeature(entities),
  ],
  controllers: [PlainScriptsController],
})(PlainModule);

const app = await NestFactory.create(PlainModule, { logger: ['error'], abortOnError: false });
await app.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => void app.close().finally(() => process.exit()));
process.send?.('listening');

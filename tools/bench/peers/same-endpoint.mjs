// The same endpoint as a team would build it with the tools at hand: Nest on Express, passport-jwt, a ValidationPipe, TypeORM. It believes
// the same tokens, refuses what ours refuses of a body, wants the sites to exist, and keeps the script, its version and an event for others
// in one transaction. No reservation of sites, no log of requests, no trace, no retries: it still does less than ours.
// Decorators are applied by hand, as a compiler would write them: so it needs none.
import 'reflect-metadata';
import { createPublicKey, randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  ForbiddenException,
  Module,
  Post,
  Req,
  UnprocessableEntityException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
} from 'class-validator';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { DataSource, EntitySchema, In } from 'typeorm';

const { DATABASE_URL, PORT, POOL_SIZE, AUTH_ISSUER, AUTH_AUDIENCE, AUTH_JWKS_URI, ORGANIZATION_ID, SITE_IDS } = process.env;

const Site = new EntitySchema({
  name: 'SameSite',
  tableName: 'same_site',
  columns: { id: { type: 'text', primary: true }, organizationId: { type: 'text', name: 'organization_id' } },
});

const Script = new EntitySchema({
  name: 'SameScript',
  tableName: 'same_script',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'integer', version: true },
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
    updatedAt: { type: 'timestamptz', name: 'updated_at', updateDate: true },
  },
});

/** What a relay would publish. */
const OutboxEvent = new EntitySchema({
  name: 'SameOutboxEvent',
  tableName: 'same_outbox_event',
  columns: {
    position: { type: 'bigint', primary: true, generated: 'increment' },
    id: { type: 'uuid' },
    type: { type: 'text' },
    key: { type: 'uuid' },
    data: { type: 'json' },
    metadata: { type: 'json' },
  },
});

class CreateScriptDto {}
const field = (name, ...rules) => rules.forEach((rule) => rule(CreateScriptDto.prototype, name));
const each = { each: true };
field('description', IsString(), Length(1, 500));
field('script', IsString(), Length(1, 60_000));
field('launch_at', IsISO8601({ strict: true }));
field('sites', IsArray(), ArrayMinSize(1), ArrayMaxSize(10_000), ArrayUnique(), Matches(/^site_[0-9A-Za-z]{16,32}$/, each));
field('notify', IsOptional(), IsArray(), ArrayMaxSize(200), ArrayUnique(), IsString(each));
field('make_backup', IsOptional(), IsBoolean());
field('abort_if_offline', IsOptional(), IsBoolean());

const { keys } = await (await fetch(AUTH_JWKS_URI)).json();
const [publicKey] = keys.map((key) => createPublicKey({ key, format: 'jwk' }));

class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: publicKey,
      algorithms: ['ES256'],
      issuer: AUTH_ISSUER,
      audience: AUTH_AUDIENCE,
    });
  }

  validate(claims) {
    return claims;
  }
}

const resourceOf = (script) => ({
  id: script.id,
  created_by: script.createdBy,
  make_backup: script.makeBackup,
  abort_if_offline: script.abortIfOffline,
  description: script.description,
  script: script.script,
  status: script.status,
  launch_at: script.launchAt,
  sites: script.sites,
  notify: script.notify,
  progress: { completed: [], failed: [], pending: script.sites },
  created_at: script.createdAt,
  updated_at: script.updatedAt,
});

class SameEndpointController {
  constructor(dataSource) {
    this.dataSource = dataSource;
  }

  async create(body, { user }) {
    if (!user.scope.split(' ').includes('script:create')) throw new ForbiddenException();
    const organizationId = user.org_id;
    const script = {
      id: randomUUID(),
      organizationId,
      createdBy: user.sub,
      description: body.description,
      script: body.script,
      status: 'unauthorized',
      launchAt: body.launch_at,
      sites: body.sites,
      notify: body.notify ?? [],
      makeBackup: body.make_backup ?? false,
      abortIfOffline: body.abort_if_offline ?? false,
    };
    await this.dataSource.transaction(async (manager) => {
      const known = await manager.countBy(Site, { organizationId, id: In(body.sites) });
      if (known < body.sites.length) throw new UnprocessableEntityException('a site is not known');
      await manager.insert(Script, script);
      await manager.insert(OutboxEvent, {
        id: randomUUID(),
        type: 'scheduled-script.created.v1',
        key: script.id,
        data: body,
        metadata: { organizationId, actor: user.sub },
      });
    });
    return resourceOf(script);
  }
}

const { prototype } = SameEndpointController;
Controller('scripts')(SameEndpointController);
Reflect.defineMetadata('design:paramtypes', [DataSource], SameEndpointController);
Body()(prototype, 'create', 0);
Req()(prototype, 'create', 1);
Reflect.defineMetadata('design:paramtypes', [CreateScriptDto, Object], prototype, 'create');
UseGuards(AuthGuard('jwt'))(prototype, 'create', Object.getOwnPropertyDescriptor(prototype, 'create'));
Post('scheduled')(prototype, 'create', Object.getOwnPropertyDescriptor(prototype, 'create'));

class SameEndpointModule {}
Module({
  imports: [
    PassportModule,
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: DATABASE_URL,
      entities: [Site, Script, OutboxEvent],
      synchronize: true,
      poolSize: Number(POOL_SIZE),
    }),
  ],
  controllers: [SameEndpointController],
  providers: [JwtStrategy],
})(SameEndpointModule);

const app = await NestFactory.create(SameEndpointModule, { logger: ['error'], abortOnError: false });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
const sites = SITE_IDS.split(',').map((id) => ({ id, organizationId: ORGANIZATION_ID }));
await app.get(DataSource).manager.insert(Site, sites);
await app.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => void app.close().finally(() => process.exit()));
process.send?.('listening');

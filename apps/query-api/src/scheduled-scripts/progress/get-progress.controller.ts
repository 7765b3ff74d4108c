import { Controller, Get, Header, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes, type Progress } from '@scheduled-scripts/contracts';
import { privately } from '../../http/cache-control.js';
import { MinVersion } from '../../http/min-version.decorator.js';
import { GetProgress } from './get-progress.query.js';

@Controller('scripts/scheduled')
export class GetProgressController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/progress')
  @Header('Cache-Control', privately)
  @RequireScope(scopes.viewScripts)
  progress(@Caller() { organizationId }: Caller, @Param('id') id: string, @MinVersion() minVersion: number | undefined): Promise<Progress> {
    return this.queries.execute(new GetProgress(organizationId, id, minVersion));
  }
}

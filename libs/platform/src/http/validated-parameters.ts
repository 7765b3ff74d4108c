import type { PipeTransform, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ValidationPipe } from './validation.pipe.js';

interface Parameter {
  readonly schema?: unknown;
  pipes: readonly (Type<PipeTransform> | PipeTransform)[];
}

// One for the process: what decorators have said of a controller is the same for all applications that serve it.
const validation = new ValidationPipe();

/**
 * Puts validation where a schema is, before the application makes its routes. As a pipe of the application it would run on every
 * parameter of every request, and make promises for each of them.
 */
export function validateParameters(app: NestFastifyApplication): void {
  const scanner = new MetadataScanner();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      for (const method of scanner.getAllMethodNames(metatype.prototype as object)) {
        const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, metatype, method);
        for (const parameter of Object.values((parameters ?? {}) as Record<string, Parameter>)) {
          const isMissing = parameter.schema !== undefined && !parameter.pipes.includes(validation);
          if (isMissing) parameter.pipes = [validation, ...parameter.pipes];
        }
      }
    }
  }
}

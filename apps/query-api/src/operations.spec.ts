import 'reflect-metadata';
import { accessMetadata } from '@scheduled-scripts/auth';
import { operationsContract, type Route } from '@scheduled-scripts/contracts/testing';
import { declaredRoutes, type DeclaredRoute } from '@scheduled-scripts/platform/testing/declared-routes';
import { controllers } from './query-api.module.js';

const withAccess = (route: DeclaredRoute): Route => ({ ...route, access: Reflect.getMetadata(accessMetadata, route.handler) });

operationsContract('query-api', declaredRoutes(controllers).map(withAccess));

import { asTimestamp, failureReasons } from '@scheduled-scripts/domain';
import { z } from 'zod';

// What is promised of each field. A reader strips what it does not know, so that a producer may add fields within a version.

export const uuid = z.guid();
export const siteId = z.string().regex(/^site_[0-9A-Za-z]{16,32}$/);
export const userId = z.string().min(1).max(200);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const count = z.int().nonnegative();
export const number = z.int().positive();
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
  .transform(asTimestamp);
export const failureReason = z.enum(failureReasons);

import { randomBytes as nodeRandomBytes } from 'node:crypto';
import type { RandomBytes } from '../ports';

export const randomBytes: RandomBytes = (length) => nodeRandomBytes(length);

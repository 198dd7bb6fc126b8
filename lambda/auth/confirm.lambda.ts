import validate from 'validator:auth/confirm';
import type { Confirmation } from '../../src/auth/contract';
import { publicEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { confirm } from './confirm';
import { passwordSetting } from './runtime';

export const handler = publicEndpoint<Confirmation>({ ...httpOptions(), validate }, confirm(passwordSetting()));

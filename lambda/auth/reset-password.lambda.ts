import validate from 'validator:auth/resetPassword';
import type { PasswordReset } from '../../src/auth/contract';
import { publicEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { resetPassword } from './reset-password';
import { passwordSetting } from './runtime';

export const handler = publicEndpoint<PasswordReset>({ ...httpOptions(), validate }, resetPassword(passwordSetting()));

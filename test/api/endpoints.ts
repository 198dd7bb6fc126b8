import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, type IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type EndpointOptions, JwtAuthorizer, ServerlessApi } from '../../src';
import { monitoredStack, someCode } from '../support/app';
import { only } from '../support/template';

/** The stack of the running test; `begin` makes a new one. */
export let stack: Stack;
export let api: ServerlessApi;
export let auth: JwtAuthorizer;
export const begin = () => {
  stack = monitoredStack();
  api = new ServerlessApi(stack, 'Api');
  auth = new JwtAuthorizer(stack, 'Auth', { api, issuer: 'https://login.example.com', audience: ['web'] });
};
export const add = (options: Partial<EndpointOptions> = {}, route = 'GET /customers') => api.addEndpoint(route, { code: someCode(), auth, ...options });
export const template = () => Template.fromStack(stack);
export const fn = () => only(template(), 'AWS::Lambda::Function');
export const existing = (): IFunction => new LambdaFunction(stack, 'Mine', { code: someCode(), handler: 'index.handler', runtime: Runtime.NODEJS_22_X });

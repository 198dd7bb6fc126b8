import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuthService, type AuthServiceOptions, type Endpoint, ServerlessApi, type ServerlessApiProps } from '../../src';
import { monitoredStack } from '../support/app';
import { only, resources } from '../support/template';

/** The stack of the running test; `begin` makes a new one. */
export let stack: Stack;
export let api: ServerlessApi;
export const begin = (props: ServerlessApiProps = {}) => {
  stack = monitoredStack();
  api = new ServerlessApi(stack, 'Api', props);
};
export const make = (options: AuthServiceOptions = {}) => new AuthService(stack, 'Auth', { api, ...options });
export const template = () => Template.fromStack(stack);
export const pool = () => only(template(), 'AWS::Cognito::UserPool');
export const client = () => only(template(), 'AWS::Cognito::UserPoolClient');
export const environment = (endpoint: Endpoint) => {
  const id = stack.getLogicalId(endpoint.lambdaFunction.node.defaultChild as never);
  return resources(template(), 'AWS::Lambda::Function')[id].Properties.Environment.Variables;
};

import { ApiClient } from '../support/client';

const api = new ApiClient();
const preflight = (origin: string) => fetch(`${api.target.url}/rooms`, {
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
});

describe('the API', () => {
  it('lets pages of the given origin call it, and no others', async () => {
    const allowed = await preflight('https://vote.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://vote.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers every error in problem form, with the id of the request', async () => {
    const user = await api.user();
    const { status, body, headers } = await api.call('GET', '/rooms/unknown', { token: user.accessToken });
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('x-request-id')).toBeTruthy();
    expect(body).toEqual({ type: 'urn:trinity-constructs:problem:not-found', title: expect.any(String), status: 404, ...(body.detail && { detail: body.detail }) });
  });

  it('knows no other routes', async () => {
    expect((await api.call('GET', '/nowhere')).status).toBe(404);
    expect((await api.call('DELETE', '/rooms')).status).toBe(404);
  });

  it('publishes every route that it has', () => {
    const routes = Object.entries(api.target.openApi.paths).flatMap(([path, methods]) => Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`));
    expect(routes.sort()).toEqual([
      'DELETE /me', 'GET /me', 'GET /rooms', 'GET /rooms/{roomId}', 'GET /rooms/{roomId}/polls', 'GET /rooms/{roomId}/polls/{pollId}',
      'GET /rooms/{roomId}/polls/{pollId}/ballots',
      'GET /rooms/{roomId}/polls/{pollId}/results', 'PATCH /me', 'POST /auth/confirm', 'POST /auth/forgot-password', 'POST /auth/login', 'POST /auth/logout', 'POST /auth/refresh',
      'POST /auth/register', 'POST /auth/reset-password', 'POST /rooms', 'POST /rooms/join', 'POST /rooms/{roomId}/polls', 'POST /rooms/{roomId}/polls/{pollId}/close',
      'POST /rooms/{roomId}/polls/{pollId}/votes',
    ]);
  });
});

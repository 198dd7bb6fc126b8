import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedVersion } from '../../local/ministack/requirements';

const ROOT = join(__dirname, '..', '..');
const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const values = (key: string): string[] => [...text.matchAll(new RegExp(`^ +${key}: (.+)$`, 'gm'))].map(([, value]) => value);

test('the compose file names each image by version, and by digest if this repository knows it', () => {
  const [emulator, ...others] = values('image');
  expect(emulator).toBe(`ministackorg/ministack:${pinnedVersion()}`);
  expect(others).toHaveLength(2);
  for (const image of others) expect(image).toMatch(/^[\w/-]+:\d+\.\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/);
});

test('the compose file publishes ports on the loopback interface only', () => {
  const ports = [...text.matchAll(/^ +- ([\d.:]+)$/gm)].map(([, port]) => port);
  expect(ports).toEqual(['127.0.0.1:4566:4566', '127.0.0.1:8000:8000']);
});

test('the compose file starts the emulator behind the guard, and not without a key and a secret', () => {
  expect(values('entrypoint')).toEqual(['[python, /opt/trinity-local]']);
  const [, folder] = /- (\.\/\S+):\/opt\/trinity-local:ro/.exec(text)!;
  expect(existsSync(join(ROOT, folder, '__main__.py'))).toBe(true);
  expect(values('AWS_ACCESS_KEY_ID')[0]).toMatch(/^\$\{TRINITY_LOCAL_ACCESS_KEY_ID:\?/);
  expect(values('AWS_SECRET_ACCESS_KEY')[0]).toMatch(/^\$\{TRINITY_LOCAL_SECRET_ACCESS_KEY:\?/);
});

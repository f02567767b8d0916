import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { parse } from 'yaml';
import { z } from 'zod';
import { environment, readConfig } from '../../src/config';
import { SEARCH_ATTRIBUTES } from '../../src/engine/namespace';
import { SERVER, SQL_TOOL, UI_SERVER } from '../../src/engine/programs';
import { projectRoot } from '../../src/project-root';

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

const value = z.union([z.string(), z.number()]).nullable();
const conditions = ['service_started', 'service_healthy', 'service_completed_successfully'] as const;
const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  restart: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), value),
  depends_on: z.record(z.string(), z.object({ condition: z.enum(conditions) })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
});
const composeFile = z.object({
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.object({ content: z.string() })),
  volumes: z.record(z.string(), z.null()),
});
type Service = z.infer<typeof service>;

const compose = composeFile.parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);

function serviceOf(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

const given: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'invented',
  ARREARS_API_KEYS: `core-banking:system:${'0'.repeat(64)}`,
};

/** `${NAME:-default}` and `${NAME:?message}` as compose reads them. */
function interpolate(text: string): string {
  return text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_whole, name: string, kind: string, rest: string) => {
    const found = given[name];
    if (found === undefined && kind === '?') throw new Error(`${name}: ${rest}`);
    return found ?? rest;
  });
}

function processEnvironment({ environment: written }: Service): Record<string, string> {
  // A name without a value is taken from the host; here nothing is set there.
  const set = Object.entries(written).filter(([, one]) => one !== null);
  return Object.fromEntries(set.map(([name, one]) => [name, interpolate(String(one))]));
}

const { IndexedValueType } = temporal.api.enums.v1;
const withLowerType = (written: string): string => written.replace(/=.*$/, (type) => type.toLowerCase());

describe('docker-compose.yml fits the code', () => {
  it('runs the worker, the API and the migration from one image with one environment', () => {
    expect(ours.map(([name]) => name).sort()).toEqual(['api', 'migrate', 'worker']);
    expect(new Set(ours.map(([, { image, environment: written }]) => JSON.stringify([image, written]))).size).toBe(1);
  });

  it.each(ours)('gives %s no variable that the configuration does not know', (_name, { environment: written }) => {
    const unknown = Object.keys(written).filter((name) => !Object.hasOwn(environment.shape, name));
    expect(unknown).toEqual([]);
  });

  it.each(ours)('gives %s an environment with which it starts', (_name, one) => {
    const config = readConfig(processEnvironment(one));
    expect(config.ARREARS_API_KEYS).toHaveLength(1);
    expect(config.ARREARS_TIME_TRAVEL).toBe(false);
  });

  it('refuses an API that others can reach but that has no keys', () => {
    const withoutKeys = { ...processEnvironment(serviceOf('api')), ARREARS_API_KEYS: '' };
    expect(() => readConfig(withoutKeys)).toThrow('ARREARS_API_KEYS');
  });

  it.each(services)('lets %s wait only for what can come to pass', (_name, { depends_on: awaited }) => {
    const impossible = Object.entries(awaited).filter(([name, { condition }]) => {
      const other = compose.services[name];
      if (condition === 'service_healthy') return other?.healthcheck === undefined;
      // A service that compose starts again never completes.
      if (condition === 'service_completed_successfully')
        return other === undefined || other.restart === 'unless-stopped';
      return other === undefined;
    });
    expect(impossible).toEqual([]);
  });

  it('mounts only what it defines', () => {
    const configs = services.flatMap(([, one]) => one.configs.map(({ source }) => source));
    const volumes = services.flatMap(([, one]) => one.volumes.map((mount) => mount.split(':')[0]));
    expect(Object.keys(compose.configs)).toEqual(expect.arrayContaining(configs));
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes));
  });

  it('hands the dynamic configuration to the server where it looks for it', () => {
    const server = serviceOf('temporal');
    expect(server.configs.map(({ target }) => target)).toEqual([server.environment['DYNAMIC_CONFIG_FILE_PATH']]);
  });

  it('runs the versions that the embedded engine runs', () => {
    expect(serviceOf('temporal').image).toBe(`temporalio/server:${SERVER.version}`);
    expect(serviceOf('temporal-schema').image).toBe(`temporalio/admin-tools:${SQL_TOOL.version}`);
    expect(serviceOf('temporal-ui').image).toBe(`temporalio/ui:${UI_SERVER.version}`);
  });

  it('registers the search attributes that the embedded engine registers', () => {
    const registered = String(serviceOf('temporal-namespace').environment['SEARCH_ATTRIBUTES']).split(' ');
    const types = new Map<number, string>(
      Object.entries(IndexedValueType).map(([name, number]) => [Number(number), name]),
    );
    const expected = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => {
      const typeName = types.get(type)?.replace('INDEXED_VALUE_TYPE_', '').toLowerCase() ?? 'unknown';
      return `${name}=${typeName}`;
    });
    expect(registered.map(withLowerType).sort()).toEqual(expected.sort());
  });

  it('can be reached from this host only', () => {
    const published = services.flatMap(([, { ports }]) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('keeps no secret in the file', () => {
    const secrets = services.flatMap(([, one]) =>
      Object.entries(one.environment).filter(([name]) => /PASSWORD|PWD|KEYS|TOKEN/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.filter(([, one]) => one !== null && !/^\$\{\w+:\?/.test(String(one)))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('runs as a user without rights', () => {
    const users = [...dockerfile.matchAll(/^USER (\S+)/gm)].map(([, user]) => user);
    expect(users).toEqual(['node']);
  });

  it('starts on a Node that package.json allows', () => {
    const majors = [...dockerfile.matchAll(/^FROM node:(\d+)-slim/gm)].map(([, major]) => Number(major));
    expect(majors).toHaveLength(2);
    expect(Math.min(...majors)).toBeGreaterThan(20);
  });

  it('copies only what the build context holds', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(copied.length).toBeGreaterThan(0);
    expect(copied.filter((name) => name !== '.' && !allowed.includes(`!${name}`))).toEqual([]);
  });
});

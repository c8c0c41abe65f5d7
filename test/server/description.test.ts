/** The document by which others write their clients says all that there is, and nothing that there is not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RouteOptions } from 'fastify';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { App, ServerContext } from '../../src/server/context.ts';
import { buildWatched, makeConsole, removeConsole } from '../fixtures/server.ts';

let app: App;
let routes: readonly RouteOptions[];
let document: OpenAPIV3_1.Document;
const built = makeConsole();

before(async () => {
  // Nothing of what the routes work with is touched before the first request.
  const nothing = { ruleset: '', rules: 0 } as unknown as ServerContext;
  ({ app, routes } = await buildWatched(nothing, { logger: false, consoleFolder: built }));
  const answer = await app.inject({ method: 'GET', url: '/v1/openapi.json' });
  assert.equal(answer.statusCode, 200);
  assert.match(String(answer.headers['content-type']), /^application\/json/);
  document = answer.json();
});
after(async () => {
  await app.close();
  removeConsole(built);
});

interface Operation {
  readonly name: string;
  readonly path: string;
  readonly operation: OpenAPIV3_1.OperationObject;
  readonly route: RouteOptions;
}

function operations(): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => {
      const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
      const route = routes.find((one) => one.url === url && one.method === method.toUpperCase());
      assert.ok(route !== undefined, `${method} ${path}`);
      return {
        name: `${method.toUpperCase()} ${path}`,
        path,
        operation: operation as OpenAPIV3_1.OperationObject,
        route,
      };
    }),
  );
}

/** Of bodies that are not JSON. */
const otherTypes: Readonly<Record<string, string>> = {
  'POST /v1/ingest': 'application/x-ndjson',
  'PUT /v1/artefacts/{sha256}': 'application/octet-stream',
};

const scopeOf = ({ config }: RouteOptions): unknown => (config as { scope?: unknown } | undefined)?.scope;

describe('the description of the API', () => {
  it('is OpenAPI 3.1 with its title, version and schemes', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(document.info.title, 'Waterguard');
    assert.match(document.info.version, /^\d+\.\d+\.\d+/);
    const { token, session } = (document.components?.securitySchemes ?? {}) as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual([token?.type, token?.scheme], ['http', 'bearer']);
    assert.deepEqual([session?.type, session?.in, session?.name], ['apiKey', 'cookie', 'waterguard_session']);
    for (const key of Object.keys(document.paths ?? {})) assert.match(key, /^\/v1\/[\w/{}-]+$/);
  });

  it('has every route but those that are no part of the API', () => {
    const described = new Set(operations().map((one) => one.name));
    const missing = routes.flatMap(({ method, url }) => {
      const name = `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`;
      return method === 'HEAD' || described.has(name) ? [] : [name];
    });
    assert.deepEqual(missing.sort(), [
      'GET /*',
      'GET /assets/*',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'GET /v1/openapi.json',
    ]);
    assert.ok(described.size > 35, `${described.size}`);
  });

  it('says of each what it does, in words of its own', () => {
    const summaries = operations().map(({ name, operation }) => {
      assert.ok((operation.summary ?? '').length >= 5, name);
      return operation.summary;
    });
    assert.equal(new Set(summaries).size, summaries.length);
  });

  it('says of each who may call it', () => {
    for (const { name, operation, route } of operations()) {
      const scope = scopeOf(route);
      const expected = scope === 'open' ? [] : [{ token: [scope] }, { session: [scope] }];
      assert.deepEqual(operation.security, expected, name);
    }
  });

  it('has every parameter of an address, with its type', () => {
    for (const { name, path, operation } of operations()) {
      const parameters = (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[];
      const inPath = parameters.filter((one) => one.in === 'path');
      assert.deepEqual(
        inPath.map((one) => one.name).sort(),
        [...path.matchAll(/\{(\w+)\}/g)].map((one) => one[1]).sort(),
        name,
      );
      for (const one of inPath) assert.equal(one.required, true, name);
      for (const one of parameters) {
        assert.ok(one.in === 'path' || one.in === 'query', name);
        assert.ok(Object.keys(one.schema ?? {}).length > 0, `${name} ${one.name}`);
      }
    }
    const images = operations().find((one) => one.name === 'GET /v1/images');
    assert.deepEqual(
      (images?.operation.parameters as OpenAPIV3_1.ParameterObject[]).map((one) => one.name).sort(),
      ['category', 'cursor', 'hunt', 'limit', 'q', 'sort', 'verdict'],
    );
  });

  it('has the body of each that takes one', () => {
    for (const { name, operation, route } of operations()) {
      const { body } = (route.schema ?? {}) as { body?: unknown };
      const described = operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined;
      assert.equal(described !== undefined, body !== undefined, name);
      if (described === undefined) continue;
      const type = otherTypes[name] ?? 'application/json';
      assert.deepEqual(Object.keys(described.content), [type], name);
      assert.ok(Object.keys(described.content[type]?.schema ?? {}).length > 0, name);
    }
  });

  it('has the good answer of each, and how it refuses', () => {
    for (const { name, operation } of operations()) {
      const responses = (operation.responses ?? {}) as Record<string, OpenAPIV3_1.ResponseObject>;
      const good = Object.keys(responses).filter((one) => one.startsWith('2'));
      assert.equal(good.length, 1, name);
      for (const [status, answer] of Object.entries(responses)) {
        assert.ok((answer.description ?? '').length > 0, `${name} ${status}`);
        assert.notEqual(answer.description, 'Default Response', `${name} ${status}`);
        if (status === '204') assert.equal(answer.content, undefined, name);
        else if (status.startsWith('2')) {
          const [[type, { schema }] = ['', {}]] = Object.entries(answer.content ?? {});
          assert.equal(type, name === 'GET /v1/live' ? 'text/event-stream' : 'application/json', name);
          assert.ok(Object.keys(schema ?? {}).length > 0, name);
        } else {
          assert.deepEqual(answer.content, {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          });
        }
      }
      const isClosed = (operation.security ?? []).length > 0;
      const takes = (operation.parameters ?? []).length > 0 || operation.requestBody !== undefined;
      const expected = [...good, ...(takes ? ['400'] : []), ...(isClosed ? ['401', '403'] : []), 'default'];
      assert.deepEqual(Object.keys(responses).sort(), expected.sort(), name);
    }
  });

  it('has the shape of problems', () => {
    const { Problem } = document.components?.schemas ?? {};
    const { required = [], properties = {} } = Problem as { required: string[]; properties: object };
    assert.deepEqual([...required].sort(), ['code', 'status', 'title', 'type']);
    assert.deepEqual(Object.keys(properties).sort(), ['code', 'detail', 'errors', 'status', 'title', 'type']);
  });

  it('refers to nothing that is not in it', () => {
    const wrong: string[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, one] of Object.entries(value)) {
        if (key === '$ref' && typeof one === 'string') {
          const [root, ...names] = one.split('/');
          let found: unknown = root === '#' ? document : undefined;
          for (const name of names) found = (found as Record<string, unknown> | undefined)?.[name];
          if (found === undefined) wrong.push(one);
        }
        walk(one);
      }
    };
    walk(document);
    assert.deepEqual(wrong, []);
  });

  it('tells nothing of the machine that it runs on', () => {
    const text = JSON.stringify(document);
    assert.ok(!text.includes(process.cwd()));
    assert.doesNotMatch(text, /localhost|127\.0\.0\.1:|"servers"|\/tmp\//);
  });
});

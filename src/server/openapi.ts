/** The API's own description: what the schemas of the routes do not say by themselves. */
import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../api/page.ts';

export const problemSchemas = { Problem: z.toJSONSchema(problem) as object };

/** Who may call it follows from the route's scope. */
export const describeRoute: SwaggerTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document as never) as ReturnType<SwaggerTransform>;
  const { scope } = document.route.config ?? {};
  const security = scope === undefined || scope === 'open' ? [] : [{ token: [scope] }, { session: [scope] }];
  return { schema: { ...schema, security }, url };
};

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

interface Operation {
  readonly security?: readonly object[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Record<string, { description?: string; content?: unknown }>;
}

/** Each route can refuse, in one form. */
export const addProblems: SwaggerTransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject;
  for (const operations of Object.values(document.openapiObject.paths ?? {})) {
    for (const { responses, security = [], parameters, requestBody } of Object.values(
      operations as Readonly<Record<string, Operation>>,
    )) {
      for (const [status, answer] of Object.entries(responses)) {
        answer.description = answers[status] ?? 'Done';
        // An answer without a body has no type.
        if (status === '204') delete answer.content;
      }
      if (parameters !== undefined || requestBody !== undefined)
        responses['400'] = problemAnswer('What was asked has not the form that is asked for');
      if (security.length > 0) {
        responses['401'] = problemAnswer('Nobody is signed in, or the token is not valid');
        responses['403'] = problemAnswer('The scope is missing, or the request comes from another site');
      }
      responses.default = problemAnswer('Any other problem; `code` says which');
    }
  }
  return document.openapiObject;
};

const answers: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Begun',
  204: 'Done, and there is nothing to say',
};

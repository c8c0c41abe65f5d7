/** Talks to the server: JSON in and out, the session in a cookie, failures as `ApiError` with the server's words. */
import type { Problem } from '../../src/api/page.ts';

export class ApiError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Literal of the problem document; `unreachable` where no answer came, `unreadable` where it was not JSON. */
  readonly code: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];

  constructor(message: string, status: number, code: string, fields: ApiError['fields'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

export function get<Result>(
  path: string,
  parameters: Parameters = {},
  signal?: AbortSignal,
): Promise<Result> {
  return request<Result>('GET', withQuery(path, parameters), undefined, signal);
}

export function post<Result = void>(path: string, body: unknown = {}): Promise<Result> {
  return request<Result>('POST', path, body);
}

export function put<Result = void>(path: string, body: unknown): Promise<Result> {
  return request<Result>('PUT', path, body);
}

export function patch<Result = void>(path: string, body: unknown): Promise<Result> {
  return request<Result>('PATCH', path, body);
}

export function remove(path: string): Promise<void> {
  return request<void>('DELETE', path, {});
}

function withQuery(path: string, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

async function request<Result>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Result> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } };
  if (signal !== undefined) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
  }
  const response = await fetch('/v1' + path, init).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new ApiError('The server does not answer.', 0, 'unreachable');
  });
  if (!response.ok) throw await failureOf(response);
  if (response.status === 204) return undefined as Result;
  return (await response.json().catch(() => {
    throw new ApiError('The answer is not what the console expects.', response.status, 'unreadable');
  })) as Result;
}

async function failureOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const words = problem.detail ?? problem.title ?? `The server answered with status ${response.status}.`;
  return new ApiError(words, response.status, problem.code ?? 'unknown', problem.errors ?? []);
}

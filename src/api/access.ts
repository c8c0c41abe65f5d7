/** Who may do what: roles of people, scopes of machines, sessions, tokens and the audit log. */
import { z } from 'zod';
import { id, pageQuery, time } from './page.ts';

/** Ascending: an admin may do all that an analyst may. */
export const roles = ['viewer', 'analyst', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * What one route asks for. `read` sees everything but access itself; `hunt` starts scans and hunts; `triage` ignores
 * findings and reopens them; `learn` adds and withdraws indicators; `ingest` delivers reports and events; `metrics`
 * reads `/metrics`; `admin` manages users, tokens, schedules, notifications and the audit log.
 */
export const scopes = ['read', 'hunt', 'triage', 'learn', 'ingest', 'metrics', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  analyst: ['read', 'hunt', 'triage', 'learn'],
  admin: scopes,
};

export const userName = z
  .string()
  .regex(/^[\w.@+-]{1,100}$/, 'letters, digits and . _ @ + -, at most 100 characters');
export const password = z.string().min(12, 'at least 12 characters').max(200);

export const user = z.object({
  id,
  name: z.string(),
  role: z.enum(roles),
  /** Whether one is set; others sign in by link or single sign-on. */
  hasPassword: z.boolean(),
  disabled: z.boolean(),
  createdAt: time,
  lastSeenAt: time.optional(),
});
export type User = z.infer<typeof user>;

export const newUser = z.object({ name: userName, role: z.enum(roles) });
export const userChange = z.object({
  role: z.enum(roles).optional(),
  disabled: z.boolean().optional(),
});
/** A sign-in link: one use, ten minutes. */
export const signInLink = z.object({ url: z.string(), expiresAt: time });
export type SignInLink = z.infer<typeof signInLink>;

export const signIn = z.union([
  z.object({ link: z.string().min(20).max(200) }),
  z.object({ name: z.string().max(100), password: z.string().max(200) }),
]);

export const session = z.object({
  user: z.object({ id, name: z.string(), role: z.enum(roles), hasPassword: z.boolean() }),
  scopes: z.array(z.enum(scopes)),
  expiresAt: time,
});
export type Session = z.infer<typeof session>;

export const passwordChange = z.object({ password, current: z.string().max(200).optional() });

export const token = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  /** First characters, by which people tell tokens apart. */
  prefix: z.string(),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time.optional(),
  lastUsedAt: time.optional(),
  /** Whose it is: it delivers events of that sensor and nothing else. */
  sensor: id.optional(),
});
export type Token = z.infer<typeof token>;

export const newToken = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(scopes)).min(1),
  expiresAt: time.optional(),
});
/** The secret is shown this once. */
export const createdToken = token.extend({ secret: z.string() });

export const auditEntry = z.object({
  id,
  at: time,
  /** `user:anna`, `token:ci`, `system`. */
  actor: z.string(),
  /** `finding.ignore`, `user.create`, … */
  action: z.string(),
  /** What it was done to: `finding:…`, `hunt:7`. */
  subject: z.string(),
  /** Never a secret. */
  detail: z.record(z.string(), z.unknown()),
  address: z.string().optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditQuery = pageQuery.extend({ action: z.string().max(100).optional() });

/**
 * Who is let in. Passwords are asked for in clear, so that they are known. The first guesses of everybody open at once,
 * others after a number of tries that the persona has; who was made or changed by a visitor keeps the password given.
 */
import type { Server } from './server.ts';

/** What people set, and bots try before all else. */
const common: ReadonlySet<string> = new Set([
  'postgres',
  'password',
  'admin',
  'root',
  'postgresql',
  'postgres123',
  'postgres1',
  '123456',
  '12345678',
  '123456789',
  '12345',
  '1234',
  'qwerty',
  'pass',
  'passw0rd',
  'p@ssw0rd',
  'test',
  'changeme',
  'secret',
  'dev',
  'database',
]);

export function isLetIn(server: Server, user: string, password: string): boolean {
  const role = server.roles.get(user);
  if (role === undefined || role.flags.login !== true || password === '') return false;
  if (role.password !== undefined) return role.password === password;
  if (!common.has(password.toLowerCase()) && password !== user) {
    const tries = (server.attempts.get(user) ?? 0) + 1;
    server.attempts.set(user, tries);
    if (tries < server.persona.random('postgres/login').int(3, 9)) return false;
  }
  // Who lets two passwords in shows that any would do.
  role.password = password;
  return true;
}

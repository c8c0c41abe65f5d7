/** Users and roles. Nobody needs them until a visitor makes a root of its own and locks the others out. */
import { randomBytes } from 'node:crypto';
import { failures } from './failure.ts';
import type { Message } from './wire/schema.ts';

/** Users, roles, and what one of them has. */
const most = 100;

export class Access {
  isEnabled = false;
  readonly users = new Map<string, { password: string; readonly roles: Set<string> }>();
  readonly roles = new Map<string, Message[]>();
  private readonly tokens = new Map<string, string>();
  private issued = 7;

  /** @throws EtcdError */
  enable(): void {
    const root = this.users.get('root');
    if (root === undefined) throw failures.rootUserMissing();
    if (!root.roles.has('root')) throw failures.rootRoleMissing();
    this.isEnabled = true;
  }

  /** @throws EtcdError */
  addUser(name: string, password: string): void {
    if (name === '') throw failures.userEmpty();
    if (this.users.has(name)) throw failures.userExists();
    if (this.users.size >= most) throw failures.noSpace();
    this.users.set(name, { password, roles: new Set() });
  }

  /** @throws EtcdError */
  addRole(name: string): void {
    if (name === '') throw failures.roleEmpty();
    if (this.roles.has(name)) throw failures.roleExists();
    if (this.roles.size >= most) throw failures.noSpace();
    this.roles.set(name, []);
  }

  /** @throws EtcdError */
  user(name: string): { password: string; readonly roles: Set<string> } {
    const user = this.users.get(name);
    if (user === undefined) throw failures.userNotFound();
    return user;
  }

  /** @throws EtcdError */
  role(name: string): Message[] {
    const role = this.roles.get(name) ?? (name === 'root' ? [] : undefined);
    if (role === undefined) throw failures.roleNotFound();
    return role;
  }

  /** @returns a token. @throws EtcdError */
  authenticate(name: string, password: string): string {
    if (!this.isEnabled) throw failures.authDisabled();
    const user = this.users.get(name);
    if (user === undefined || user.password !== password) throw failures.authFailed();
    if (this.tokens.size >= most) this.tokens.clear();
    this.issued += 1;
    const letters = randomBytes(16)
      .toString('base64')
      .replace(/[^A-Za-z]/g, 'x')
      .slice(0, 16);
    const token = `${letters}.${this.issued}`;
    this.tokens.set(token, name);
    return token;
  }

  /** Whether keys may be read and written. @throws EtcdError where not */
  require(token: string | undefined): void {
    if (!this.isEnabled) return;
    if (token === undefined) throw failures.userEmpty();
    const user = this.tokens.get(token);
    if (user === undefined) throw failures.invalidToken();
    if (!this.user(user).roles.has('root')) throw failures.permissionDenied();
  }
}

/** The first page, and the state of the system. */
import { overview } from '../../api/overview.ts';
import { systemStatus } from '../../api/upkeep.ts';
import { version } from '../../package.ts';
import { readOverview } from '../../store/overview.ts';
import { readStatus } from '../../store/status.ts';
import type { App, ServerContext } from '../context.ts';
import { defenceOf } from '../defence.ts';

export function activityRoutes(app: App, context: ServerContext): void {
  const { db, store, ruleset, rules } = context;
  app.get(
    '/v1/overview',
    {
      config: { scope: 'read' },
      schema: { summary: 'Sums over everything, and what happened lately', response: { 200: overview } },
    },
    async () => {
      const stored = await readOverview(db);
      return { ...stored, defence: await defenceOf(db) };
    },
  );
  app.get(
    '/v1/status',
    {
      config: { scope: 'read' },
      schema: { summary: 'Version, store and rules', response: { 200: systemStatus } },
    },
    async () => ({
      version,
      store: await readStatus(store),
      ruleset,
      rules,
    }),
  );
}

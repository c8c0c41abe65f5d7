/** Who is signed in, the theme, and the way out. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { remove } from '../api.ts';
import { useSession } from '../queries.ts';
import { themes, useTheme } from './theme.ts';

const themeWords = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' } as const;

export function AccountBox(): ReactNode {
  const { user } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [theme, chooseTheme] = useTheme();
  const leave = useMutation({
    mutationFn: () => remove('/session'),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      client.clear();
    },
  });
  return (
    <div className="space-y-1.5 px-2">
      <select
        aria-label="Theme"
        value={theme}
        onChange={(event) => chooseTheme(themes.find((one) => one === event.target.value) ?? 'system')}
        className="-ml-1 min-h-7 w-[calc(100%+0.75rem)] text-[0.92rem] rounded-[3px] bg-panel text-soft"
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {themeWords[one]}
          </option>
        ))}
      </select>
      <Link
        to="/settings/$section"
        params={{ section: 'account' }}
        className="block truncate rounded-[2px] hover:underline"
      >
        {user.name}
        <span className="text-soft">, {user.role}</span>
      </Link>
      <button
        type="button"
        onClick={() => leave.mutate()}
        disabled={leave.isPending}
        className="min-h-7 cursor-pointer rounded-[2px] text-accent hover:underline"
      >
        Sign out
      </button>
      {leave.isError && (
        <p role="alert" className="text-critical">
          {leave.error.message}
        </p>
      )}
    </div>
  );
}

/** Who is signed in, the theme, and the way out. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { remove } from '../api.ts';
import { useSession } from '../queries.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from './menu.tsx';
import { themes, useTheme } from './theme.ts';

export function UserMenu(): ReactNode {
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
    <Menu
      trigger={
        <button type="button" className="flex w-full min-w-0 cursor-pointer items-center gap-1.5 rounded-[3px] px-2 py-1 text-left hover:bg-paper">
          <span className="min-w-0 grow truncate">
            {user.name}
            <span className="block text-[0.86rem] text-soft">{user.role}</span>
          </span>
          <span aria-hidden="true" className="text-soft">
            ⋯
          </span>
          <span className="sr-only">, account and theme</span>
        </button>
      }
    >
      <MenuChoice
        label="Theme"
        value={theme}
        options={themes.map((one) => [one, { system: 'As the system', light: 'Light', dark: 'Dark' }[one]] as const)}
        onChange={(value) => chooseTheme(themes.find((one) => one === value) ?? 'system')}
      />
      <MenuLine />
      <MenuItem onSelect={() => void navigate({ to: '/settings/$section', params: { section: 'account' } })}>Account</MenuItem>
      <MenuItem onSelect={() => leave.mutate()}>Sign out</MenuItem>
    </Menu>
  );
}

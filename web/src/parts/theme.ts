/** Light, dark, or as the system has it. `public/theme.js` applies what is kept before the first paint. */
import { useState } from 'react';
import { recall, remember } from './stored.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => themes.find((one) => one === recall('theme')) ?? 'system');
  const choose = (next: Theme) => {
    setTheme(next);
    remember('theme', next === 'system' ? undefined : next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    // Charts are drawn with the colours of the moment.
    window.dispatchEvent(new Event('themechange'));
  };
  return [theme, choose];
}

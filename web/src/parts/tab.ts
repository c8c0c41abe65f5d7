/** How the head of a tab looks. */
export const tabClass =
  'cursor-pointer rounded-[2px] px-2 text-soft data-[state=active]:bg-panel data-[state=active]:font-semibold data-[state=active]:text-ink';

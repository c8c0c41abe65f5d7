/** Menus behind a button. Not modal: a modal one would inject a style element to hold the page still. */
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface MenuProps {
  /** A button; takes the focus back. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
}

export function Menu({ trigger, children }: MenuProps): ReactNode {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[80vh] min-w-[11rem] overflow-y-auto rounded-[4px] border border-edge/60 bg-raised py-1 shadow-lg"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const itemClass =
  'flex cursor-pointer items-center gap-2 px-3 py-1 outline-none select-none data-highlighted:bg-tint data-highlighted:text-ink';

export function MenuItem({
  onSelect,
  children,
}: {
  readonly onSelect: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Radix.Item className={itemClass} onSelect={onSelect}>
      {children}
    </Radix.Item>
  );
}

interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** Stays open, as several are often changed. */
export function MenuCheck({ checked, onChange, children }: MenuCheckProps): ReactNode {
  return (
    <Radix.CheckboxItem
      className={itemClass}
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span aria-hidden="true" className="w-4">
        {checked ? '✓' : ''}
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

interface MenuChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly onChange: (value: string) => void;
}

export function MenuChoice({ label, value, options, onChange }: MenuChoiceProps): ReactNode {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      <Radix.Label className="px-3 pt-1 pb-0.5 text-[0.86rem] text-soft">{label}</Radix.Label>
      {options.map(([option, word]) => (
        <Radix.RadioItem
          key={option}
          value={option}
          className={itemClass}
          onSelect={(event) => event.preventDefault()}
        >
          <span aria-hidden="true" className="w-4">
            {option === value ? '●' : ''}
          </span>
          {word}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine(): ReactNode {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

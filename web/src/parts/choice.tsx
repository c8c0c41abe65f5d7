/** A filter of one word out of a list, or any. */
import type { ReactNode } from 'react';
import { controlClass } from './field.tsx';

interface ChoiceProps<Word extends string> {
  readonly label: string;
  /** The word for no choice. */
  readonly any: string;
  readonly value: Word | undefined;
  readonly options: readonly Word[];
  readonly onChange: (value: Word | undefined) => void;
}

export function Choice<Word extends string>({
  label,
  any,
  value,
  options,
  onChange,
}: ChoiceProps<Word>): ReactNode {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(options.find((one) => one === event.target.value))}
      className={`${controlClass} w-auto! max-w-[13rem] ${value === undefined ? '' : 'border-accent! font-semibold'}`}
    >
      <option value="">{any}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

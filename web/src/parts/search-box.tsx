/** The search of every page: part of a reference, a digest, or the value of an indicator, all of them among the images. */
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { controlClass } from './field.tsx';

export function SearchBox(): ReactNode {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const q = field.current?.value.trim() ?? '';
          if (q === '') return;
          void navigate({ to: '/images', search: { q }, hash: 'list' });
          if (field.current !== null) field.current.value = '';
          field.current?.blur();
        }}
      >
        <input
          ref={field}
          id="search"
          type="search"
          aria-label="Search images by reference, digest or indicator"
          placeholder="Search   /"
          maxLength={500}
          className={controlClass}
        />
      </form>
    </search>
  );
}

/** Techniques of MITRE ATT&CK. */
import type { ReactNode } from 'react';
import { techniqueNames } from '../../../src/model/technique-names.ts';
import { Quoted } from './quoted.tsx';

/** `T1610 Deploy Container`; the id alone where it is none that we tag with. */
export function TechniqueWords({ id }: { readonly id: string }): ReactNode {
  const name = techniqueNames[id];
  return (
    <>
      <Quoted text={id} className="whitespace-nowrap tabular-nums" />
      {name !== undefined && ` ${name}`}
    </>
  );
}

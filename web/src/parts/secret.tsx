/** A secret that is shown this once: a token, a sign-in link. */
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

interface SecretProps {
  readonly value: string;
  /** What it is good for, and until when. */
  readonly children: ReactNode;
}

export function Secret({ value, children }: SecretProps): ReactNode {
  const [copied, setCopied] = useState(false);
  return (
    <div className="border-l-4 border-accent bg-panel px-3 py-2">
      <p>{children}</p>
      <div className="mt-1.5 flex items-start gap-2">
        <code className="min-w-0 grow bg-raised px-2 py-1 [overflow-wrap:anywhere] select-all">{value}</code>
        {navigator.clipboard !== undefined && (
          <Button onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </div>
    </div>
  );
}

/**
 * Sign-in: by link, by name and password, by single sign-on, as the server offers. A link has its token in the
 * fragment, which no server sees; it is taken out of the address bar before anything else happens.
 */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Session } from '../../../src/api/access.ts';
import { get, post } from '../api.ts';
import { Button, buttonClass } from '../parts/button.tsx';
import { FormError, TextField, textOf } from '../parts/field.tsx';
import { Failure, Skeleton } from '../parts/notice.tsx';
import { useTitle } from '../parts/page-head.tsx';

interface SignInOptions {
  readonly password: boolean;
  /** Name of the provider of single sign-on. */
  readonly oidc: string | null;
}

type Credentials = { readonly link: string } | { readonly name: string; readonly password: string };

const optionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => get<SignInOptions>('/sign-in/options', {}, signal),
});

const route = getRouteApi('/sign-in');

export function SignIn(): ReactNode {
  useTitle('Sign in');
  const options = useQuery(optionsQuery);
  const client = useQueryClient();
  const router = useRouter();
  const { next } = route.useSearch();
  const signIn = useMutation({
    mutationFn: (credentials: Credentials) => post<Session>('/session', credentials),
    onSuccess: (session) => {
      client.clear();
      client.setQueryData(['session'], session);
      router.history.replace(localPath(next));
    },
  });
  const byLink = useLink((link) => signIn.mutate({ link }));
  return (
    <main className="flex min-h-dvh items-start justify-center px-4 pt-[14vh] pb-8">
      <div className="w-full max-w-[24rem]">
        <p className="flex items-center gap-2 text-soft">
          <img src="/mark.svg" alt="" width="22" height="22" /> Waterguard
        </p>
        <h1 className="mt-1 mb-4 border-b-[3px] border-double border-line pb-2 text-[1.45rem] font-semibold">
          Sign in
        </h1>
        {byLink && signIn.isPending ? (
          <p role="status">Signing in by link…</p>
        ) : (
          <>
            <FormError error={signIn.error} />
            {byLink && signIn.isError && <LinkHelp />}
            {options.isPending && <Skeleton what="the ways to sign in" lines={3} />}
            {options.isError && (
              <Failure
                what="the ways to sign in"
                error={options.error}
                again={() => void options.refetch()}
              />
            )}
            {options.data && <Ways options={options.data} busy={signIn.isPending} onSignIn={signIn.mutate} />}
          </>
        )}
      </div>
    </main>
  );
}

interface WaysProps {
  readonly options: SignInOptions;
  readonly busy: boolean;
  readonly onSignIn: (credentials: Credentials) => void;
}

function Ways({ options, busy, onSignIn }: WaysProps): ReactNode {
  return (
    <div className="mt-4 space-y-5">
      {options.password && (
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            // A password may begin or end with a space.
            onSignIn({ name: textOf(form, 'name') ?? '', password: String(form.get('password') ?? '') });
          }}
        >
          <TextField
            label="Name"
            name="name"
            autoComplete="username"
            required
            maxLength={100}
            autoCapitalize="none"
          />
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={200}
          />
          <Button type="submit" kind="main" busy={busy} className="w-full justify-center">
            Sign in
          </Button>
        </form>
      )}
      {options.oidc !== null && (
        <a href="/v1/oidc/start" className={`${buttonClass()} w-full justify-center`}>
          Sign in with {options.oidc}
        </a>
      )}
      <p className="text-soft">
        No password yet? An admin makes a sign-in link under Settings, Users. The server prints one when it
        starts for the first time.
      </p>
    </div>
  );
}

function LinkHelp(): ReactNode {
  return (
    <p className="mt-2 text-soft">
      A link works once and for ten minutes. Ask an admin for a new one, or sign in below.
    </p>
  );
}

/** Takes the token out of the address and uses it once. @returns whether there was one */
function useLink(use: (link: string) => void): boolean {
  const link = useRef<string | undefined>(undefined);
  const used = useRef(false);
  link.current ??= window.location.hash.slice(1);
  useEffect(() => {
    if (used.current || link.current === undefined || link.current === '') return;
    used.current = true;
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    use(link.current);
  });
  return link.current !== '';
}

/** Only a path of the console: a link that someone was sent must not lead elsewhere after the sign-in. */
function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/';
}

/**
 * The live stream of the server. A hunt's event replaces the hunt wherever it is kept, an activity is put on top of
 * the feed, and what the event may have changed is asked for again, at most every five seconds.
 */
import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Hunt } from '../../src/api/hunts.ts';
import type { Activity, Overview } from '../../src/api/overview.ts';
import type { Page } from '../../src/api/page.ts';

export type LiveState = 'connecting' | 'open' | 'lost';

let state: LiveState = 'connecting';
const listeners = new Set<() => void>();

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** Lines of the feed that are kept. */
const mostActivities = 50;
const pause = 5000;
/** After the server refused the stream, which ends an EventSource for good. */
const reopenAfter = 15_000;

/** Listens until the returned function is called. */
export function followLive(client: QueryClient): () => void {
  /** Names of queries, and whether also those of many pages are asked for again. */
  const stale = new Map<string, boolean>();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let source = open();

  function open(): EventSource {
    const opened = new EventSource('/v1/live');
    opened.onopen = () => {
      // What happened while nobody listened.
      if (state === 'lost') askAgain('overview', 'hunt', 'hunts');
      become('open');
    };
    opened.onerror = () => {
      become('lost');
      if (opened.readyState !== EventSource.CLOSED) return;
      again = setTimeout(() => {
        source = open();
      }, reopenAfter);
    };
    opened.addEventListener('hunt', (event) => {
      const hunt = parse<Hunt>(event.data);
      if (hunt === undefined) return;
      patchHunt(client, hunt);
      if (hunt.state === 'running') askAgainInShort('hunt-images', 'images');
      else askAgain('overview', 'hunt-images', 'images');
    });
    opened.addEventListener('activity', (event) => {
      const activity = parse<Activity>(event.data);
      if (activity === undefined) return;
      patchFeed(client, activity);
      askAgain('overview', ...listsOf(activity.type));
    });
    return opened;
  }

  function askAgain(...names: readonly string[]): void {
    for (const name of names) stale.set(name, true);
    waiting ??= setTimeout(ask, pause);
  }

  /** A list of many pages would be fetched again as a whole, under the reader's eyes, for as long as a hunt runs. */
  function askAgainInShort(...names: readonly string[]): void {
    for (const name of names) if (!stale.has(name)) stale.set(name, false);
    waiting ??= setTimeout(ask, pause);
  }

  function ask(): void {
    waiting = undefined;
    for (const [name, isWhole] of stale) {
      if (isWhole) void client.invalidateQueries({ queryKey: [name] });
      else refreshShort(client, name);
    }
    stale.clear();
  }

  return () => {
    source.close();
    clearTimeout(waiting);
    clearTimeout(again);
    become('connecting');
  };
}

function parse<Event>(data: unknown): Event | undefined {
  try {
    return JSON.parse(String(data)) as Event;
  } catch {
    return undefined;
  }
}

/** Asks again for these lists where one page of them is shown. */
export function refreshShort(client: QueryClient, ...names: readonly string[]): void {
  for (const name of names) void client.invalidateQueries({ queryKey: [name], predicate: isShort });
}

function isShort({ state: { data } }: Query): boolean {
  const pages = (data as Partial<InfiniteData<unknown>> | undefined)?.pages;
  return pages === undefined || pages.length <= 1;
}

/**
 * Lists that an activity changes. The images are not among them: a list of many pages would be fetched again as a
 * whole, under the reader's eyes.
 */
function listsOf(type: string): readonly string[] {
  const [subject] = type.split('.');
  if (subject === 'indicator' || subject === 'rules') return ['indicators', 'retro-hunts'];
  if (subject === 'finding') return ['findings'];
  if (subject === 'hunt') return ['hunts'];
  if (subject === 'honeypot')
    return ['honeypots', 'sessions', 'sensors', 'sources', 'session-detail', 'session-events'];
  return [];
}

function patchHunt(client: QueryClient, hunt: Hunt): void {
  client.setQueryData(['hunt', hunt.id], hunt);
  client.setQueriesData<InfiniteData<Page<Hunt>>>({ queryKey: ['hunts'] }, (data) => {
    if (data === undefined) return undefined;
    const known = data.pages.some((page) => page.items.some((one) => one.id === hunt.id));
    const pages = data.pages.map((page, index) => {
      if (!known && index === 0) return { ...page, items: [hunt, ...page.items] };
      return { ...page, items: page.items.map((one) => (one.id === hunt.id ? hunt : one)) };
    });
    return { ...data, pages };
  });
  client.setQueryData<Overview>(['overview'], (data) => {
    if (data === undefined) return undefined;
    return { ...data, hunts: data.hunts.map((one) => (one.id === hunt.id ? hunt : one)) };
  });
}

function patchFeed(client: QueryClient, activity: Activity): void {
  client.setQueryData<Overview>(['overview'], (data) => {
    if (data === undefined) return undefined;
    const others = data.activity.filter((one) => one.id !== activity.id);
    return { ...data, activity: [activity, ...others].slice(0, mostActivities) };
  });
}

/** What happened, as `docker events` tells it: the last 256, and whoever listens. */
import { goJsonText, type Moment, momentOf, nanosecondsOf, sorted } from '../json/encode.ts';
import type { Container } from './container.ts';

/** As many as dockerd keeps (daemon/events, `eventsLimit`). */
const mostKept = 256;
/** Of an action, which for an exec has its command. */
const longestAction = 1000;

export interface DockerEvent {
  readonly type: 'container' | 'image' | 'network' | 'volume' | 'node' | 'secret' | 'config' | 'service';
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly scope?: 'swarm';
  readonly moment: Moment;
}

export class EventLog {
  private readonly kept: DockerEvent[] = [];
  private readonly listeners = new Set<(event: DockerEvent) => void>();

  get all(): readonly DockerEvent[] {
    return this.kept;
  }

  get listening(): number {
    return this.listeners.size;
  }

  add(event: Omit<DockerEvent, 'moment'>): void {
    const told = { ...event, action: event.action.slice(0, longestAction), moment: momentOf(Date.now()) };
    this.kept.push(told);
    if (this.kept.length > mostKept) this.kept.shift();
    for (const listener of this.listeners) listener(told);
  }

  ofContainer(action: string, container: Container, attributes: Readonly<Record<string, string>> = {}): void {
    this.add({
      type: 'container',
      action,
      id: container.id,
      attributes: {
        ...container.config.Labels,
        image: container.imageName,
        name: container.name,
        ...attributes,
      },
    });
  }

  ofImage(action: string, id: string, name = id): void {
    this.add({ type: 'image', action, id, attributes: { name } });
  }

  /** @returns ends listening */
  listen(listener: (event: DockerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** A line of the stream. Events of containers and images have what API 1.21 had, too. */
export function eventJson({ type, action, id, attributes, scope, moment }: DockerEvent): string {
  const isOld = type === 'container' || type === 'image';
  const event = {
    ...(isOld && { status: action, id }),
    ...(type === 'container' && { from: attributes.image }),
    Type: type,
    Action: action,
    Actor: { ID: id, Attributes: sorted(attributes) },
    scope: scope ?? 'local',
    time: Math.floor(moment.at / 1000),
  };
  return `${goJsonText(event).slice(0, -1)},"timeNano":${nanosecondsOf(moment)}}\n`;
}

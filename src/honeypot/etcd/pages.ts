/** Pages beside the keys: what it is, how it is, how much it does. */

import type { Headers } from '../http/dialect.ts';
import type { Exchange } from '../http/serve.ts';
import { metricsText } from './metrics.ts';
import { type Etcd, version } from './server.ts';

/** On every answer (embed/serve.go). */
export const cors: Headers = [
  ['Access-Control-Allow-Headers', 'accept, content-type, authorization'],
  ['Access-Control-Allow-Methods', 'POST, GET, OPTIONS, PUT, DELETE'],
  ['Access-Control-Allow-Origin', '*'],
];
const json: Headers = [...cors, ['Content-Type', 'application/json']];

/** As http.Error answers. */
export function refuse(exchange: Exchange, status: number, text: string, more: Headers = []): void {
  exchange.respond(
    status,
    [...cors, ...more, ['Content-Type', 'text/plain; charset=utf-8'], ['X-Content-Type-Options', 'nosniff']],
    text,
  );
}

/** @returns false for what there is no page of */
export function servePage(exchange: Exchange, etcd: Etcd): boolean {
  const { path, method, connection } = exchange;
  const allow = (): boolean => {
    if (method === 'GET') return true;
    refuse(exchange, 405, 'Method Not Allowed\n', [['Allow', 'GET']]);
    return false;
  };
  const respond = (headers: Headers, body: string): true => {
    if (allow()) exchange.respond(200, headers, body);
    return true;
  };
  const ids: Headers = [['X-Etcd-Cluster-Id', etcd.clusterId.toString(16)]];
  const id = etcd.memberId.toString(16);
  const startTime = new Date(etcd.startedAt).toISOString().replace('Z', '284094Z');
  switch (path) {
    case '/version':
      return respond(json, JSON.stringify({ etcdserver: version, etcdcluster: '3.4.0' }));
    case '/health':
      return respond(cors, '{"health":"true"}');
    case '/metrics':
      exchange.respond(
        200,
        [...cors, ['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']],
        metricsText(etcd),
      );
      return true;
    case '/v2/members': {
      const members = etcd.members(connection.dst).map((one) => ({
        id: one.id.toString(16),
        name: one.name,
        peerURLs: one.peerUrls,
        clientURLs: one.clientUrls,
      }));
      return respond([...json, ...ids], `${JSON.stringify({ members })}\n`);
    }
    case '/v2/members/leader': {
      const own = etcd.members(connection.dst).find((one) => one.id === etcd.memberId)!;
      const leader = { id, name: own.name, peerURLs: own.peerUrls, clientURLs: own.clientUrls };
      return respond([...json, ...ids], `${JSON.stringify(leader)}\n`);
    }
    case '/v2/machines':
      exchange.respond(
        200,
        cors,
        etcd
          .members(connection.dst)
          .flatMap((one) => one.clientUrls)
          .join(', '),
      );
      return true;
    case '/v2/stats/self': {
      const leaderInfo = { leader: id, uptime: uptimeText(Date.now() - etcd.startedAt), startTime };
      const counts = { recvAppendRequestCnt: 0, sendAppendRequestCnt: 0 };
      return respond(
        json,
        JSON.stringify({ name: etcd.name, id, state: 'StateLeader', startTime, leaderInfo, ...counts }),
      );
    }
    case '/v2/stats/leader':
      return respond(json, JSON.stringify({ leader: id, followers: {} }));
    case '/v2/stats/store':
      return respond(json, JSON.stringify(etcd.tree.statistics));
    case '/v2/auth/enable':
      return respond([...json, ...ids], `${JSON.stringify({ enabled: false })}\n`);
    default:
      return false;
  }
}

/** As Go prints a duration. */
function uptimeText(milliseconds: number): string {
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
  const seconds = ((milliseconds / 1000) % 60).toFixed(3);
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

/** How WebSockets are opened and refused by golang.org/x/net/websocket, which kubelets use. */
import type { Exchange } from '../http/serve.ts';
import { acceptWebSocket as accept, acceptKey, type WebSocket } from '../http/websocket.ts';

const nonce = /^[A-Za-z0-9+/]{22}==$/;

export function asksForWebSocket(exchange: Exchange): boolean {
  return (
    /\bwebsocket\b/i.test(exchange.header('upgrade') ?? '') &&
    /\bupgrade\b/i.test(exchange.header('connection') ?? '')
  );
}

/** Protocols that the client offers, the best first. */
export function offeredProtocols(exchange: Exchange): readonly string[] {
  return (exchange.header('sec-websocket-protocol') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/**
 * Takes the connection over, or refuses it as the library does.
 * @param protocol that was chosen of those offered; empty where none was offered, undefined where none will do
 */
export function acceptWebSocket(exchange: Exchange, protocol: string | undefined): WebSocket | undefined {
  const version = exchange.header('sec-websocket-version') ?? '';
  const key = acceptKey(exchange);
  if (version !== '13' && version !== '') {
    const text = 'missing or bad WebSocket Version';
    exchange.close(`HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\n${text}`);
  } else if (key === undefined || version === '' || !nonce.test(exchange.header('sec-websocket-key') ?? ''))
    exchange.close('HTTP/1.1 400 Bad Request\r\n\r\nbad handshake');
  else if (protocol === undefined) exchange.close('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  else {
    const chosen = protocol === '' ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
    return accept(
      exchange,
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n${chosen}\r\n`,
    );
  }
  return undefined;
}

/** What clients ask to be connected to or heard on, and a decoy never does: it is told of it and says what to answer. */
/** A connection that the client wants to be made for it. */
export type Connect =
  | ({ readonly kind: 'direct-tcpip' } & Address & Origin)
  | ({ readonly kind: 'direct-streamlocal'; readonly path: string } & Origin);

/** What the client wants to be told of: connections to an address, a display, a key agent. */
export type Listen =
  | ({ readonly kind: 'tcpip-forward' } & Address)
  | { readonly kind: 'streamlocal-forward'; readonly path: string }
  | { readonly kind: 'x11'; readonly protocol: string; readonly cookie: string; readonly screen: number }
  | { readonly kind: 'agent' };

interface Address {
  readonly host: string;
  /** As it came, up to 2^32 - 1. */
  readonly port: number;
}

interface Origin {
  readonly originHost: string;
  readonly originPort: number;
}

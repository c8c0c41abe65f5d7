/** Custom properties in `style`, which the types of React do not know. */
import 'react';

declare module 'react' {
  interface CSSProperties {
    readonly '--columns'?: string;
  }
}

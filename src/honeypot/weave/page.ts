/** The page of Scope's user interface, without the programs that it loads. */
import type { Persona } from '../persona/persona.ts';

/** Of the release that 1.13.2 is of; the day, not the second, is known. */
export const uiDate = 'Tue, 09 Feb 2021 11:47:12 GMT';

export function indexPage(persona: Persona): string {
  const random = persona.random('weave/assets');
  const [style, common, app] = [random.hex(20), random.hex(20), random.hex(20)];
  return `<!doctype html><html class="no-js"><head><meta charset="utf-8"><title>Weave Scope</title><meta name="description" content=""><meta name="viewport" content="width=device-width,initial-scale=1"><script language="javascript">window.__WEAVEWORKS_CSRF_TOKEN = "$__CSRF_TOKEN_PLACEHOLDER__";</script><link href="style-app-${style}.css" rel="stylesheet"></head><body><!--[if lt IE 10]>
      <p class="browsehappy">You are using an <strong>outdated</strong> browser. Please <a href="http://browsehappy.com/">upgrade your browser</a> to improve your experience.</p>
    <![endif]--><div class="wrap"><div id="app"></div></div><script type="text/javascript" src="vendors-${common}.js"></script><script type="text/javascript" src="app-${app}.js"></script></body></html>
`;
}

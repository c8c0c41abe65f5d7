/*
 * Attack tools and their use in scripts.
 */

rule WG_scans_for_services {
  meta:
    id = "scans-for-services"
    title = "Scans networks for open container, database and management services"
    category = "hacking"
    severity = "high"
    confidence = 75
    attack = "T1595.001,T1046"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1046/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /masscan [^\n]{0,160}(-p ?|--ports[ =])[0-9,-]{0,40}(2375|2376|4243|6379|10250|10255|8088|9200|5432|2379|6443)/
    $b = /(zgrab2?|pnscan|zmap) [^\n]{0,120}(2375|2376|6379|10250|8088|5432|2379)/
  condition:
    any of them and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_privilege_survey {
  meta:
    id = "privilege-survey"
    title = "Survey script for higher privileges (LinPEAS, LinEnum, deepce)"
    category = "hacking"
    severity = "high"
    confidence = 75
    attack = "T1082,T1068"
    subject = "text"
    reference = "https://github.com/stealthcopter/deepce"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = /l[i]npeas(\.sh|_fat|_linux)/
    $a2 = "L\x69nux Privesc Checklist"
    $a3 = "L\x6fcal Linux Enumeration & Privilege Escalation Script"
    $a4 = "w\x77w.rebootuser.com"
    $a5 = "d\x65epce" fullword
    $a6 = "D\x6fcker Enumeration, Escalation of Privileges and Container Escapes"
    $a7 = "l\x69nux-exploit-suggester"
    $b1 = "S\x55ID"
    $b2 = "/\x65tc/shadow"
    $b3 = "d\x6fcker.sock"
    $b4 = "k\x65rnel"
  condition:
    (($a6 or $a3) or (($a1 or $a2 or $a4 or $a5 or $a7) and 3 of ($b*))) and (filesize < 2MB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

rule WG_fetches_attack_tool {
  meta:
    id = "fetches-attack-tool"
    title = "Fetches an attack tool"
    category = "hacking"
    severity = "high"
    confidence = 72
    attack = "T1588.002,T1105"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1588/002/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(github\.com|raw\.githubusercontent\.com)\/(carlospolop\/P?E?A?S?S?-?n?g?|inguardians\/peirates|stealthcopter\/deepce|cdk-team\/CDK|brompwnie\/botb|4ARMED\/kubeletmein|shadow1ng\/fscan|rebootuser\/LinEnum|huntergregal\/mimipenguin|AlessandroZ\/LaZagne|m0nad\/Diamorphine|f0rb1dd3n\/Reptile|gianlucaborello\/libprocesshider|creaktive\/tsh)[A-Za-z-]{0,12}(\.git|\/releases\/|\/raw\/|\/archive\/|\/master\/|\/main\/)/
    $v = /(curl|wget|git clone|aria2c|fetch)\s/
    // A clone needs no ending; a page that merely names the project is not fetched.
    $clone = /git\s([^\n|;&]{0,60}\s)?(clone|submodule add)\s[^\n|;&]{0,80}github\.com[\/:](carlospolop\/P(EASS-ng|EASS|rivilege)|inguardians\/peirates|stealthcopter\/deepce|cdk-team\/CDK|brompwnie\/botb|4ARMED\/kubeletmein|shadow1ng\/fscan|rebootuser\/LinEnum|huntergregal\/mimipenguin|AlessandroZ\/LaZagne|m0nad\/Diamorphine|f0rb1dd3n\/Reptile|gianlucaborello\/libprocesshider|creaktive\/tsh|mzet-\/linux-exploit-suggester|diego-treitos\/linux-smart-enumeration|DominicBreuker\/pspy)\b/
  condition:
    ($clone or ($a and $v)) and (filesize < 512KB or uint16(0) == 0x2123) and uint32(0) != 0x464c457f
}

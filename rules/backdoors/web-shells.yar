/*
 * Web shells: pages that run what a visitor sends.
 */

rule WG_php_one_line_shell {
  meta:
    id = "php-one-line-shell"
    title = "PHP page that runs a request parameter"
    category = "backdoor"
    severity = "high"
    confidence = 85
    attack = "T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /<\?(php|=)?[^?]{0,120}\b(eval|assert|system|passthru|shell_exec|popen|pcntl_exec|exec)\s{0,3}\(\s{0,3}(@?(base64_decode|stripslashes|gzinflate|str_rot13|trim|urldecode)\s{0,3}\(\s{0,3}){0,3}@?\$_(POST|GET|REQUEST|COOKIE|SERVER)\s{0,2}\[/
    $b = /<\?=\s?`\$_(GET|POST|REQUEST)\[/
    $c = /preg_replace\(["']\/\.\*\/e["'],\s?["'$][^\n]{0,40}\$_(GET|POST|REQUEST)/
    $d = /array_map\(["'](assert|system|eval)["'],\s?(array\()?\$_(GET|POST|REQUEST)/
  condition:
    any of them and uint32(0) != 0x464c457f
}

rule WG_php_packed_shell {
  meta:
    id = "php-packed-shell"
    title = "PHP page that unpacks and runs itself"
    category = "backdoor"
    severity = "high"
    confidence = 75
    attack = "T1505.003,T1027"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /\b(eval|assert)\s?\(\s?(@?(gzinflate|gzuncompress|str_rot13|strrev|base64_decode|gzdecode|rawurldecode|convert_uudecode)\s?\(\s?){2,6}["'$]/
    $b = /eval\("\?>"\.(gzinflate|gzuncompress|base64_decode)\(/
    $c = /\$[Oo0_]{3,12}=urldecode\(["']%[0-9a-fA-F]/
  condition:
    any of them and (filesize < 2MB or uint16(0) == 0x3f3c)
}

rule WG_php_known_shell {
  meta:
    id = "php-known-shell"
    title = "Well-known PHP web shell"
    category = "backdoor"
    severity = "critical"
    confidence = 85
    attack = "T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a1 = "b\x3374k" fullword
    $a2 = "c\x399shell" nocase
    $a3 = "r\x357shell" nocase
    $a4 = "F\x69lesMan" fullword
    $a5 = "W\x53O_VERSION"
    $a6 = "p\x30wny@shell"
    $a7 = "I\x6edoXploit"
    $a8 = "p\x68pspy" nocase fullword
    $a9 = "A\x6eonymousFox"
    $b1 = "<?\x70hp"
    $b2 = "p\x61ssthru"
    $b3 = "s\x68ell_exec"
    $b4 = "p\x72oc_open"
    $b5 = "$_\x50OST["
  condition:
    any of ($a*) and $b1 and 2 of ($b2,$b3,$b4,$b5) and (filesize < 1MB or uint16(0) == 0x3f3c) and uint32(0) != 0x464c457f
}

rule WG_jsp_shell {
  meta:
    id = "jsp-shell"
    title = "JSP page that runs a request parameter"
    category = "backdoor"
    severity = "high"
    confidence = 85
    attack = "T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /getRuntime\(\)\s?\.exec\(\s?(new String\[\]\{[^}]{0,60})?request\.getParameter\(/
    $b = /new ProcessBuilder\([^;]{0,60}request\.getParameter\(/
    $c = /class U extends ClassLoader ?\{ ?U\(ClassLoader/
    $d = "this.getClass().getClassLoader()).g("
    $e = /class X extends ClassLoader ?\{ ?public X\(ClassLoader/
    $f = /String xc ?= ?"[0-9a-f]{16}"/
  condition:
    ($a or $b or ($c and $d) or ($e and $f)) and (filesize < 1MB or uint16(0) == 0x253c)
}

rule WG_python_web_shell {
  meta:
    id = "python-web-shell"
    title = "Python web route that runs a request parameter"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /(os\.(system|popen)|subprocess\.(getoutput|check_output|Popen|run|call))\(\s?(flask\.)?request\.(args|form|values|json|GET|POST|data)(\.get)?[\[(.]/
    $b = /(os\.(system|popen)|subprocess\.(getoutput|check_output))\(self\.(path|rfile\.read)/
  condition:
    any of them and uint32(0) != 0x464c457f
}

rule WG_node_web_shell {
  meta:
    id = "node-web-shell"
    title = "Node.js web route that runs a request parameter"
    category = "backdoor"
    severity = "high"
    confidence = 72
    attack = "T1505.003"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $a = /require\(["']child_process["']\)\.(exec|execSync)\(\s?req\.(query|body|params)[.\[]/
    $b = /\b(exec|execSync)\(\s?url\.parse\(req\.url, ?true\)\.query/
  condition:
    any of them and uint32(0) != 0x464c457f
}

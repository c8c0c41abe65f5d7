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
    $b = /<\?=\s?`\$_(GET|POST|REQUEST)\[/
    $c = /preg_replace\s?\(\s?["']([\/#~|@])[^"'\n]{0,40}[\/#~|@][imsxu]{0,4}e[imsxu]{0,4}["']\s?,\s?[^\n;]{0,60}\$_(GET|POST|REQUEST|COOKIE)\b/
    $d = /array_map\(["'](assert|system|eval)["'],\s?(array\()?\$_(GET|POST|REQUEST)/
    // Anywhere on the page; a method of that name (`$db->exec(`) is something else.
    $a = /[\s;@=({!.,&|](eval|assert|system|passthru|shell_exec|popen|pcntl_exec|exec)\s{0,3}\(\s{0,3}(["']\?>["']\s?\.\s?)?(@?(base64_decode|stripslashes|gzinflate|str_rot13|trim|urldecode|rawurldecode|hex2bin)\s{0,3}\(\s{0,3}){0,3}@?\$_(POST|GET|REQUEST|COOKIE|SERVER)\s{0,2}\[/
    $e = /\$_(GET|POST|REQUEST|COOKIE)\s?\[[^\]\n]{1,40}\]\s{0,2}\(\s{0,2}[@$"'`)]/
    $f = /(call_user_func(_array)?|forward_static_call|register_shutdown_function|array_map|ob_start|new ReflectionFunction)\s?\(\s?@?\$_(GET|POST|REQUEST|COOKIE)\s?\[/
    $g = /create_function\s?\([^\n;]{0,40}\$_(GET|POST|REQUEST|COOKIE)\s?\[/
    $h = /\$(cmd|command|code|c|x|e)\s?=\s?\(?\s?@?\$_(GET|POST|REQUEST|COOKIE)\s?\[[^\]\n]{1,30}\]\s?\)?\s?;\s{0,20}[^;\n>]{0,40}\b(system|passthru|shell_exec|exec|eval|popen|assert)\s?\(\s?@?\$(cmd|command|code|c|x|e)\b/
    $php = "<?"
  condition:
    ($b or ($php and any of ($a,$c,$d,$e,$f,$g,$h))) and uint32(0) != 0x464c457f
}

rule WG_php_hidden_call {
  meta:
    id = "php-hidden-call"
    title = "PHP page that calls a disguised function with a request parameter"
    category = "backdoor"
    severity = "high"
    confidence = 80
    attack = "T1505.003,T1027"
    subject = "text"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
    date = "2026-11-25"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    // Frameworks too call `$callback($_POST['x'])`; they do not spell the function's name backwards.
    $call = /\$[A-Za-z_][A-Za-z0-9_]{0,30}\s?\(\s?@?(\$_(GET|POST|REQUEST|COOKIE)\s?\[|(base64_decode|stripslashes|urldecode)\s?\(\s?@?\$_(GET|POST|REQUEST|COOKIE)\s?\[)/
    $decoded = /\$[A-Za-z_][A-Za-z0-9_]{0,30}\s?=\s?@?(str_rot13|strrev|base64_decode|hex2bin|urldecode|rawurldecode|gzinflate|convert_uudecode|pack)\s?\(\s?["'][^"'\n]{1,60}["']/
    $replaced = /str_replace\(\s?["'][^"'\n]{1,8}["']\s?,\s?["']["']\s?,\s?["'][^"'\n]{4,60}["']\s?\)/
    $chars = /=\s?chr\(\s?[0-9]{2,3}\s?\)\s?\.\s?chr\(/
    $named = /\$[A-Za-z_][A-Za-z0-9_]{0,30}\s?=\s?["'](assert|system|exec|shell_exec|passthru|popen|create_function)["']\s?;/
    $joined = /["'][a-z_0-9]{1,8}["']\s?\.\s?["'][a-z_0-9]{1,8}["']\s?;[^?]{0,300}\$[A-Za-z_][A-Za-z0-9_]{0,30}\s?\(\s?@?\$_(GET|POST|REQUEST|COOKIE)\s?\[/
    $xored = /["'][^"'\n]{1,16}["']\s?\^\s?["'][^"'\n]{1,16}["']\s?\)?\s?;[^?]{0,300}\$[A-Za-z_][A-Za-z0-9_]{0,30}\s?\(\s?@?\$_(GET|POST|REQUEST|COOKIE)\s?\[/
  condition:
    $joined or $xored or for any i in (1..#call) : (
      any of ($decoded,$replaced,$chars,$named) in (@call[i] - 1500..@call[i])
    )
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
    $a = /\b(eval|assert) ?\( ?(@?(gzinflate|gzuncompress|str_rot13|strrev|base64_decode|gzdecode|rawurldecode|convert_uudecode)\s?\(\s?){2,6}["'$]/
    $b = /eval\("\?>"\.(gzinflate|gzuncompress|base64_decode)\(/
    $c = /\$[Oo0_]{3,12}=urldecode\(["']%[0-9a-fA-F]/
    $e = /\beval\s?\(\s?(@?[a-z_0-9]{1,20}\s?\(\s?){0,3}@?file_get_contents\s?\(\s?["']php:\/\/input/
    $f = /\beval\s?\(\s?@?gz(uncompress|inflate|decode)\s?\(\s?@?[a-z]{1,8}\s?\(\s?@?base64_decode\s?\(/
    $d = /[\s;@{](eval|assert)\s?\(\s?(["']\?>["']\s?\.\s?)?@?(gzinflate|gzuncompress|str_rot13|strrev|base64_decode|gzdecode|rawurldecode|hex2bin)\s?\(\s?["'][A-Za-z0-9+\/=%]{40}/
  condition:
    any of them and (filesize < 2MB or uint16(0) == 0x3f3c) and uint32(0) != 0x464c457f
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
    $named = /String (cmd|command|c|exec|x) ?= ?request\.getParameter\(/
    $run = /(getRuntime\(\)\s?\.exec|new ProcessBuilder)\(\s?(new String\s?\[\]\s?\{[^}\n]{0,60})?(cmd|command|c|exec|x)\b/
  condition:
    ($a or $b or ($c and $d) or ($e and $f) or for any i in (1..#named) : ($run in (@named[i]..@named[i] + 600))) and (filesize < 1MB or uint16(0) == 0x253c)
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

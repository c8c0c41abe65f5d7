/*
 * The file by which people test whether a scanner is awake. By its own rules only a file of at most 128 bytes
 * that begins with the 68 bytes counts. Hexadecimal here, so that no other scanner takes this file away.
 */

rule WG_eicar {
  meta:
    id = "eicar"
    title = "EICAR test file"
    category = "other"
    severity = "critical"
    confidence = 100
    attack = ""
    subject = "program"
    malware = true
    whole_file = true
    reference = "https://www.eicar.org/download-anti-malware-testfile/"
    date = "2026-11-23"
    author = "Waterguard"
    licence = "Apache-2.0"
  strings:
    $eicar = { 58 35 4f 21 50 25 40 41 50 5b 34 5c 50 5a 58 35 34 28 50 5e 29 37 43 43 29 37 7d 24 45 49 43 41 52 2d 53 54 41 4e 44 41 52 44 2d 41 4e 54 49 56 49 52 55 53 2d 54 45 53 54 2d 46 49 4c 45 21 24 48 2b 48 2a }
  condition:
    $eicar at 0 and filesize <= 128
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLiterals } from '../../literals/compile.ts';
import { loadLiterals } from '../../literals/search.ts';
import { createLiteralTable } from '../../literals/table.ts';
import { headOf, isAlways, isMet, isMetBare, literalsIn, type Need } from '../../need.ts';
import { parseRules } from '../source.ts';
import { needOfRegex } from './regex-need.ts';
import { needsOf } from './rule-need.ts';

type Content = string | Buffer;

/** Whether files of these contents could match. */
function meets(need: Need, literals: ReturnType<typeof createLiteralTable>): (content: Content) => boolean {
  const wanted = [...literalsIn(need)].flatMap((number) => {
    const literal = literals.all[number];
    return literal === undefined ? [] : [{ number, literal, once: true }];
  });
  const { search } = loadLiterals(compileLiterals(wanted, literals.all.length));
  return (content) => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content, 'latin1');
    const seen = new Uint8Array(literals.all.length);
    search(bytes, (literal) => {
      seen[literal] = 1;
    });
    const isElf = bytes.toString('latin1', 0, 4) === '\x7fELF';
    return isMet(need, { seen, size: bytes.length, isElf, head: headOf(bytes) });
  };
}

function regex(source: string, nocase = false): (content: Content) => boolean {
  const literals = createLiteralTable();
  return meets(needOfRegex(source, nocase, literals.number), literals);
}

function condition(
  condition: string,
  strings = '',
  before = '',
): { need: Need; could: (content: Content) => boolean } {
  const { rules } =
    parseRules(`${before}\nrule probe { strings: $a = "alphabet" $b = "bravissimo" $c1 = "charlatan"
    $c2 = "charlotte" ${strings} condition: ${condition} }`);
  const literals = createLiteralTable();
  const need = needsOf(rules, literals.number).get('probe');
  assert.ok(need !== undefined);
  return { need, could: meets(need, literals) };
}

test('a regular expression needs what is in each of its matches', () => {
  for (const [source, matching, others] of [
    [
      'stratum\\+(tcp|ssl):\\/\\/[a-z]+',
      ['stratum+tcp://x', 'stratum+ssl://pool'],
      ['stratum+udp://x', 'stratum'],
    ],
    ['(ab)?cdef', ['cdef', 'abcdef'], ['abcd', 'def']],
    ['curl[^\\n]{0,20}\\| ?(ba)?sh\\b', ['curl x | bash', 'curl x|sh'], ['wget x']],
    ['gzinflate|base64_decode', ['gzinflate', 'base64_decode'], ['gzip', 'base64']],
    ['https?:\\/\\/[0-9]{1,3}\\.', ['http://10.0', 'https://9.'], ['http://example.com/']],
    ['XMRig\\/[2-9]\\.[0-9]', ['XMRig/6.2'], ['XMRig 6']],
    ['^\\x7fELF.{3}abcd+e', ['\x7fELF...abcdddde'], ['ELF abce']],
    ['nc\\.traditional -[ec]', ['nc.traditional -e', 'nc.traditional -c'], ['nc -e']],
    ['(one|two)(alpha|bravo)', ['onealpha', 'twobravo'], ['onebrav', 'alpha']],
    ['a{4}bcde', ['aaaabcde'], ['bcd']],
    ['abcd(ef){0,3}ghij', ['abcdghij', 'abcdefefghij'], ['abcd', 'ghij']],
    ['word[^:]*:more', ['word:more', 'word and :more'], ['word more']],
    ['ab|cdefgh', ['ab', 'cdefgh'], []],
    ['a.b.c.d', ['axbxcxd'], []],
    ['tabs\\there', ['tabs\there'], ['tabs here']],
    ['[;|\\s"]nc ', ['; nc ', '|nc ', '\nnc ', '"nc '], ['sync ', 'nc']],
    ['run[\\]\\/]all', ['run]all', 'run/all'], ['run all']],
    ['(eval|exec) https?:', ['eval http:', 'exec https:'], ['eval', 'http:', 'eval ftp:']],
  ] as const) {
    const could = regex(source);
    for (const one of matching) {
      assert.match(one, new RegExp(source, 's'), 'the table is right');
      assert.ok(could(`.. ${one} ..`), `${source} could match ${one}`);
    }
    for (const one of others) assert.ok(!could(one), `${source} could match ${one}`);
  }
});

test('a regular expression in any case is searched for in any case', () => {
  const could = regex('coinhive\\.(min\\.)?js', true);
  assert.ok(could('CoinHive.JS'));
  assert.ok(!could('coin hive'));
});

test('what is not understood needs nothing', () => {
  for (const source of [
    '(?i)abcdef',
    '(?=abcdef)',
    'abc(def',
    'abcd[[:alpha:]]',
    '\\pLabcdef',
    '*abcdef',
    '[abc',
    'ab)cdef',
  ]) {
    assert.ok(isAlways(needOfRegex(source, false, () => 0)), source);
  }
});

test('a condition needs what it cannot be true without', () => {
  for (const [text, matching, others] of [
    ['$a', ['alphabet'], ['bravissimo']],
    ['$a and $b', ['alphabet bravissimo'], ['alphabet', 'bravissimo']],
    ['$a or $b', ['alphabet', 'bravissimo'], ['charlatan']],
    ['($a or $b) and #c1 > 0', ['alphabet charlatan', 'bravissimo charlatan'], ['alphabet', 'charlatan']],
    ['any of them', ['alphabet', 'charlotte'], ['x']],
    ['all of ($c*)', ['charlatan charlotte'], ['charlatan']],
    ['2 of ($a, $b, $c1)', ['alphabet bravissimo', 'bravissimo charlatan'], ['alphabet charlotte']],
    ['50% of them', ['alphabet'], ['x']],
    ['any of ($c*) in (0..100)', ['charlatan'], ['alphabet']],
    ['$a at 0', ['alphabet'], ['x']],
    ['$a in (0..10) and $b', ['alphabet bravissimo'], ['alphabet']],
    ['for any i in (1..#a) : (@a[i] > 3)', ['alphabet'], ['x']],
    ['#a >= 2', ['alphabet'], ['x']],
    ['#a > #b', ['alphabet'], ['bravissimo']],
    ['for any helper in (1..#a) : (helper)', ['alphabet'], ['deltoid']],
    ['(#a + #b) > #c1', ['alphabet', 'bravissimo'], ['charlatan']],
    ['#a + #b >= 1', ['alphabet', 'bravissimo'], ['charlatan']],
    [
      'for any i in (1..#a) : ($b in (@a[i]..@a[i] + 9))',
      ['alphabet bravissimo'],
      ['alphabet', 'bravissimo'],
    ],
    ['for any i in (1..#a) : (any of ($c*) in (0..@a[i]))', ['alphabet charlotte'], ['alphabet']],
    ['$a and uint16(0) == 0x5a4d', ['MZ alphabet'], ['alphabet MZ', 'M']],
    ['$a and uint32be(0) == 0xcafebabe', ['\xca\xfe\xba\xbe alphabet'], ['alphabet']],
    ['uint32(0) == 0xfeedface', ['\xce\xfa\xed\xfe'], ['\xce\xfa', 'alphabet']],
    ['uint8(0) == 0x7b', ['{'], ['', '[']],
    ['$a and not $b', ['alphabet', 'alphabet bravissimo'], ['bravissimo']],
    ['$a and filesize < 20', ['alphabet'], ['alphabet'.padEnd(20)]],
    ['$a and filesize <= 1KB', ['alphabet'.padEnd(1024)], ['alphabet'.padEnd(1025)]],
    ['$a and uint32(0) != 0x464c457f', ['alphabet'], ['\x7fELF alphabet']],
    ['$a and uint16(0) == 0x2123', ['#! alphabet'], ['alphabet #!']],
    [
      '$a and (filesize < 20 or uint16(0) == 0x2123)',
      ['alphabet', '#! alphabet'.padEnd(20)],
      ['alphabet'.padEnd(20)],
    ],
    ['helper and $a', ['deltoid alphabet'], ['alphabet', 'deltoid']],
  ] as const) {
    const { could } = condition(text, '', 'rule helper { strings: $d = "deltoid" condition: $d }');
    for (const one of matching) assert.ok(could(one), `${text} could match ${one}`);
    for (const one of others) assert.ok(!could(one), `${text} could match ${one}`);
  }
});

test('what can be true without a pattern needs none', () => {
  for (const text of [
    'not $a',
    '#a == 0',
    '#a < 3',
    '#a >= 0',
    'none of them',
    '0 of them',
    'for all of them : ( # < 3 )',
    'for any of ($a) : ( not $ )',
    'for all i in (1..#a) : (@a[i] > 3)',
    '$a or filesize < 100',
    'filesize > 10',
    'any of ($a, filesize > 1)',
    '#a + #b < 5',
    '#a >= #b',
    '#a + #b >= #c1',
    '#a - #b > 0',
    'for any i in (1..3) : ($a)',
    'defined $a',
    'true',
  ]) {
    const { need, could } = condition(text);
    assert.ok(could('nothing of it'), text);
    assert.ok(isMetBare(need), text);
  }
});

test('patterns are searched for as their modifiers have it', () => {
  for (const [strings, matching, others] of [
    ['$p = "MixedCase" nocase', ['mixedcase', 'MIXEDCASE'], ['mixed case']],
    ['$p = "MixedCase"', ['MixedCase'], ['mixedcase']],
    ['$p = "wider" wide', ['w\0i\0d\0e\0r\0'], ['wider']],
    ['$p = "wider" wide ascii', ['w\0i\0d\0e\0r\0', 'wider'], ['w i d e r']],
    ['$p = "wider" ascii fullword', ['wider'], ['w\0i\0d\0e\0r\0']],
    ['$p = "hidden" xor', ['anything'], []],
    ['$p = "hidden" base64', ['anything'], []],
    ['$p = { 61 62 63 64 ?? 66 }', ['abcdxf'], ['abcdxg', 'abcxxf']],
    ['$p = { 61 62 63 64 [2-4] 65 66 67 68 }', ['abcd..efgh'], ['abcd..efg']],
    ['$p = { 61 62 63 64 ( 31 | 32 33 ) 65 66 67 68 }', ['abcd1efgh'], ['abcd1']],
    ['$p = { 61 62 ?3 64 }', ['abcd'], []],
    ['$p = { 61 62 63 ~64 65 66 67 68 }', ['abcxefgh'], ['abcx']],
    ['$p = "quote\\"\\x41\\t"', ['quote"A\t'], ['quote']],
    ['$p = "abc"', ['anything'], []],
    ['$p = /wide regex/ wide', ['anything'], []],
  ] as const) {
    const { could } = condition('$p', strings);
    for (const one of matching) assert.ok(could(one), `${strings} could match ${JSON.stringify(one)}`);
    for (const one of others) assert.ok(!could(one), `${strings} could match ${JSON.stringify(one)}`);
  }
});

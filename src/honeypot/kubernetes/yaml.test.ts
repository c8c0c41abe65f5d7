import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parseYaml, YamlFault } from './yaml.ts';

const manifests: readonly string[] = [
  `# A pod
---
apiVersion: v1
kind: Pod
metadata:
  name: x   # its name
  labels: {app: web, "tier": 'front end'}
  annotations:
    text: |
      first
        second

      third
    folded: >-
      one
      two
    url: http://example.invalid:8080/x#y
spec:
  hostPID: true
  terminationGracePeriodSeconds: 0
  containers:
  - name: c
    image: "alpine:3"
    command: ["sh", "-c", "echo \\"hi\\" # no comment"]
    args:
    - --a=b
    - 'it''s'
    -   - nested
        - list
    env:
    - {name: A, value: "1"}
    - name: B
      value:
    resources:
      limits:
        cpu: 0.5
        memory: 1Gi
  volumes:
    - name: h
      hostPath: {path: /}
---
kind: Other
`,
  'a:\n- b\n-\n  c: 1\n  d: [1, 2.5, null, ~, true, [x]]\ne: "multi\n  line"\n',
  'just text\n',
  '- 1\n- - 2\n  - 3\n- k: v\n  l: w\n',
  'script: |+\n  #!/bin/sh\n  echo a:b\n\nnext: {}\n',
];

describe('YAML', () => {
  for (const [index, text] of manifests.entries())
    it(`of manifest ${index + 1} is read as by the library`, () => {
      const first = text.split(/\n---\n(?=kind: Other)/)[0]!;
      assert.deepEqual(parseYaml(text), parse(`${first}\n`));
    });

  it('with anchors, tags, tabs or open ends is refused', () => {
    for (const text of [
      'a: &x 1',
      'a: *x',
      'a: !!str 1',
      'a:\n\tb: 1',
      'a: [1, 2',
      'a: "x',
      'a: 1\n  b: 2\n c',
      'a: {b: ]}',
    ])
      assert.throws(() => parseYaml(text), YamlFault, text);
  });

  it('that is hostile takes no longer than its length', () => {
    const size = 128 * 1024;
    const hostile = [
      '['.repeat(size),
      '{a: '.repeat(size / 4),
      '- '.repeat(size / 2),
      '? '.repeat(size / 2),
      Array.from({ length: 400 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      '#\n'.repeat(size / 2),
      'a: "' + '\n'.repeat(size),
      'a: |\n' + ' x\n'.repeat(size / 3),
      '"'.repeat(size),
      'a'.repeat(size),
      'x\n'.repeat(size / 2),
      '"\\'.repeat(size / 2),
    ];
    for (const text of hostile) {
      const start = performance.now();
      try {
        parseYaml(text);
      } catch (error) {
        assert.ok(error instanceof YamlFault, String(error));
      }
      assert.ok(performance.now() - start < 150, `${text.slice(0, 20)} took ${performance.now() - start} ms`);
    }
  });
});

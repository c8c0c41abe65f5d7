import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inComment } from './comment.ts';

/** Whether the place of `HOST` in a text is in a comment. */
function at(text: string): boolean {
  const bytes = Buffer.from(text);
  const file = { path: '', size: bytes.length, mode: 0, uid: 0, gid: 0, kind: 'text' as const };
  return inComment({ ...file, bytes, offset: 0, matches: [], hits: () => [] }, text.indexOf('HOST'));
}

test('comments and docstrings are told from code and from values', () => {
  for (const text of [
    '# see HOST\n',
    'x = 1;  // HOST\n',
    ' * HOST\n',
    '>>> get("HOST")\n',
    '"""A module.\n\nget("HOST")\n"""\n',
    'def f(x):\n    r"""Calls HOST.\n    """\n',
    'class A:\n    """One."""\n    def f(self):\n        """Two.\n\n        HOST\n        """\n',
  ]) {
    assert.ok(at(text), text);
  }
  for (const text of [
    'get("HOST")\n',
    'u = """HOST"""\n',
    'exec("""\nget("HOST")\n""")\n',
    'def f():\n    """Doc."""\n    get("HOST")\n',
    '#!/bin/HOST\n',
  ]) {
    assert.ok(!at(text), text);
  }
});

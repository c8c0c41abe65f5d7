/** Each group of rules that is compiled has a namespace of its own, since several groups may carry the same helper. */
const mark = '#';

export function groupNamespace(file: string, group: string): string {
  return `${file}${mark}${group}`;
}

/** The namespace of the file that a rule stands in. */
export function fileNamespace(namespace: string): string {
  return namespace.split(mark)[0] ?? '';
}

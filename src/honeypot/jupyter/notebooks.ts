/** What the owner of the server works on: a few notebooks and the data they read. */
import type { Persona } from '../persona/persona.ts';

export interface Owned {
  readonly path: string;
  readonly content: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const day = 86_400_000;

const subjects = [
  { name: 'churn', table: 'customers', columns: ['customer_id', 'tenure', 'monthly_charges', 'churned'] },
  { name: 'forecast', table: 'sales', columns: ['date', 'store', 'units', 'revenue'] },
  { name: 'sensors', table: 'readings', columns: ['timestamp', 'device', 'temperature', 'humidity'] },
  { name: 'traffic', table: 'requests', columns: ['hour', 'route', 'hits', 'p95_ms'] },
  { name: 'pricing', table: 'orders', columns: ['order_id', 'sku', 'quantity', 'price'] },
] as const;

export function ownersNotebooks(persona: Persona, startedAt: number): readonly Owned[] {
  const random = persona.random('jupyter/notebooks');
  return random.some(subjects, random.int(2, 3)).flatMap(({ name, table, columns }) => {
    const at = startedAt - random.int(1, 80) * day - random.int(0, day) - random.int(0, 999) / 1000;
    const rows = Array.from({ length: random.int(40, 120) }, (_, row) =>
      columns.map((column, index) => (index === 0 ? row + 1 : `${column[0]}${random.int(1, 999)}`)).join(','),
    );
    const cells = [
      'import csv, json, statistics',
      `rows = list(csv.DictReader(open('data/${table}.csv')))\nlen(rows)`,
      `by = {}\nfor row in rows:\n    by.setdefault(row['${columns[1]}'], []).append(row)\nsorted(by)[:10]`,
    ];
    return [
      { path: `data/${table}.csv`, content: `${[columns.join(','), ...rows].join('\n')}\n`, at },
      {
        path: `${name}_${random.pick(['eda', 'model', 'v2', 'draft', 'report'])}.ipynb`,
        content: notebookOf(cells, [undefined, String(rows.length)]),
        at: at + random.int(0, day) + random.int(0, 999) / 1000,
      },
    ];
  });
}

function notebookOf(cells: readonly string[], results: readonly (string | undefined)[] = []): string {
  const notebook = {
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      execution_count: index + 1,
      metadata: {},
      outputs:
        results[index] === undefined
          ? []
          : [
              {
                data: { 'text/plain': [results[index]] },
                execution_count: index + 1,
                metadata: {},
                output_type: 'execute_result',
              },
            ],
      source: source.split(/(?<=\n)/),
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: {
        codemirror_mode: { name: 'ipython', version: 3 },
        file_extension: '.py',
        mimetype: 'text/x-python',
        name: 'python',
        nbconvert_exporter: 'python',
        pygments_lexer: 'ipython3',
        version: '3.11.2',
      },
    },
    nbformat: 4,
    nbformat_minor: 4,
  };
  return writtenNotebook(notebook);
}

/** As `nbformat` writes one: an indent of one blank. */
export function writtenNotebook(content: unknown): string {
  return `${JSON.stringify(content, null, 1)}\n`;
}

/** What `New` makes. */
export const emptyNotebook = writtenNotebook({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });

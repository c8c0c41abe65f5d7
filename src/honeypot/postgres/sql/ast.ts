/** Queries as they are read: what they say, and where. */

export interface TypeName {
  /** In lower case, `character varying`; with `[]` for arrays. */
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly position: number;
}

export type Expression = { readonly position: number } & (
  | {
      readonly kind: 'constant';
      readonly value: string | number | boolean | null;
      readonly type: 'unknown' | 'int4' | 'int8' | 'numeric' | 'bool' | 'bit';
    }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'column'; readonly names: readonly string[] }
  /** `*`, `t.*`. */
  | { readonly kind: 'star'; readonly table: readonly string[] }
  | {
      readonly kind: 'call';
      readonly names: readonly string[];
      readonly args: readonly Expression[];
      readonly isStar: boolean;
      readonly isDistinct: boolean;
      readonly orderBy: readonly Order[];
      /** Of an aggregate: which rows count. */
      readonly filter?: Expression;
    }
  | { readonly kind: 'cast'; readonly of: Expression; readonly to: TypeName }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'not'; readonly of: Expression }
  /** `IS NULL`, `IS TRUE`, `IS NOT UNKNOWN`. */
  | {
      readonly kind: 'is';
      readonly of: Expression;
      readonly what: 'null' | 'true' | 'false';
      readonly isNot: boolean;
    }
  | {
      readonly kind: 'distinct';
      readonly left: Expression;
      readonly right: Expression;
      readonly isNot: boolean;
    }
  | {
      readonly kind: 'in';
      readonly of: Expression;
      readonly list: readonly Expression[] | Select;
      readonly isNot: boolean;
    }
  | {
      readonly kind: 'quantified';
      readonly operator: string;
      readonly of: Expression;
      readonly isAll: boolean;
      readonly list: Expression | Select;
    }
  | {
      readonly kind: 'case';
      readonly of?: Expression;
      readonly branches: readonly (readonly [Expression, Expression])[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'subquery'; readonly select: Select; readonly as: 'value' | 'exists' | 'array' }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'row'; readonly items: readonly Expression[] }
  | { readonly kind: 'subscript'; readonly of: Expression; readonly index: Expression }
);

export interface Order {
  readonly by: Expression;
  readonly isDescending: boolean;
  readonly nullsFirst?: boolean;
}

export interface Target {
  readonly value: Expression;
  readonly as?: string;
}

export type Source = { readonly position: number } & (
  | {
      readonly kind: 'table';
      readonly names: readonly string[];
      readonly as?: string;
      readonly columns?: readonly string[];
    }
  | {
      readonly kind: 'select';
      readonly select: Select;
      readonly isLateral: boolean;
      readonly as: string;
      readonly columns?: readonly string[];
    }
  | {
      readonly kind: 'call';
      readonly call: Expression;
      readonly as?: string;
      readonly columns?: readonly string[];
      readonly types?: readonly TypeName[];
    }
  | {
      readonly kind: 'join';
      readonly how: 'inner' | 'left' | 'right' | 'full' | 'cross';
      readonly left: Source;
      readonly right: Source;
      readonly on?: Expression;
      readonly using?: readonly string[];
    }
);

export interface WithQuery {
  readonly name: string;
  readonly columns: readonly string[];
  readonly select: Select;
  /** May be made of itself. */
  readonly isRecursive: boolean;
}

export interface Select {
  readonly with: readonly WithQuery[];
  readonly body: SelectBody;
  readonly orderBy: readonly Order[];
  readonly limit?: Expression;
  readonly offset?: Expression;
}

export type SelectBody =
  | {
      readonly kind: 'select';
      readonly isDistinct: boolean;
      readonly targets: readonly Target[];
      /** `SELECT … INTO t`. */
      readonly into?: readonly string[];
      readonly from: readonly Source[];
      readonly where?: Expression;
      readonly groupBy: readonly Expression[];
      readonly having?: Expression;
    }
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | {
      readonly kind: 'set';
      readonly how: 'union' | 'intersect' | 'except';
      readonly isAll: boolean;
      readonly left: Select;
      readonly right: Select;
    };

export interface ColumnDefinition {
  readonly name: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly isSerial: boolean;
  readonly default?: Expression;
  /** As it was written. */
  readonly defaultText?: string;
}

/** PRIMARY KEY and UNIQUE, of columns that may be named wrongly. */
export interface KeyDefinition {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly isPrimary: boolean;
  readonly position: number;
}

export interface CopyOptions {
  readonly format: 'text' | 'csv' | 'binary';
  readonly delimiter: string;
  readonly null: string;
  readonly hasHeader: boolean;
}

/** A text that is code itself, and where that begins in the query. */
export interface Literal {
  readonly text: string;
  readonly position: number | undefined;
}

/** A name, with its schema where that is told. */
export interface Name {
  readonly names: readonly string[];
  readonly position: number;
}

/** What is dropped; of a function its arguments also, where they are told. */
export interface Dropped extends Name {
  readonly args?: readonly TypeName[];
}

export type Statement = { readonly position: number } & (
  | { readonly kind: 'select'; readonly select: Select }
  | {
      readonly kind: 'insert';
      readonly table: Name;
      readonly columns: readonly Name[];
      readonly rows: Select | undefined;
      readonly ignoresConflicts: boolean;
      readonly returning: readonly Target[];
    }
  | {
      readonly kind: 'update';
      readonly table: Name;
      readonly as?: string;
      readonly sets: readonly { readonly column: Name; readonly value: Expression }[];
      readonly where?: Expression;
      readonly returning: readonly Target[];
    }
  | {
      readonly kind: 'delete';
      readonly table: Name;
      readonly as?: string;
      readonly where?: Expression;
      readonly returning: readonly Target[];
    }
  | { readonly kind: 'truncate'; readonly tables: readonly Name[] }
  | {
      readonly kind: 'createTable';
      readonly table: Name;
      readonly columns: readonly ColumnDefinition[];
      readonly keys: readonly KeyDefinition[];
      readonly select?: Select;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'createView';
      readonly view: Name;
      readonly columns: readonly Name[];
      readonly select: Select;
      readonly replaces: boolean;
    }
  | {
      readonly kind: 'createSequence';
      readonly sequence: Name;
      readonly start: number;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'alterTable';
      readonly table: Name;
      readonly ifExists: boolean;
      readonly actions: readonly TableAction[];
    }
  | { readonly kind: 'declare'; readonly name: string; readonly select: Select; readonly isHeld: boolean }
  | {
      readonly kind: 'fetch';
      readonly name: string;
      /** Infinity for ALL. */
      readonly count: number;
      /** MOVE, which gives no rows. */
      readonly isMove: boolean;
    }
  | { readonly kind: 'close'; readonly name: string | undefined }
  | { readonly kind: 'load'; readonly library: string }
  | {
      readonly kind: 'createFunction';
      readonly name: Name;
      readonly replaces: boolean;
      readonly args: readonly { readonly name?: string; readonly type: TypeName }[];
      readonly returns: TypeName | undefined;
      readonly language: string;
      readonly body: readonly Literal[];
      readonly isProcedure: boolean;
    }
  | { readonly kind: 'createExtension'; readonly name: string; readonly ifNotExists: boolean }
  | {
      readonly kind: 'createRole';
      readonly name: string;
      readonly isUser: boolean;
      readonly options: RoleOptions;
    }
  | { readonly kind: 'alterRole'; readonly name: string; readonly options: RoleOptions }
  | { readonly kind: 'createDatabase'; readonly name: string }
  | { readonly kind: 'createSchema'; readonly name: string; readonly ifNotExists: boolean }
  | {
      readonly kind: 'drop';
      readonly what: DropKind;
      readonly names: readonly Dropped[];
      readonly ifExists: boolean;
      readonly isCascade: boolean;
    }
  | {
      readonly kind: 'copy';
      readonly table?: Name;
      readonly columns: readonly Name[];
      readonly select?: Select;
      readonly isFrom: boolean;
      readonly at: 'program' | 'file' | 'client';
      readonly place: string;
      readonly options: CopyOptions;
    }
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly value: string | undefined;
      readonly isLocal: boolean;
    }
  | { readonly kind: 'show'; readonly name: string }
  | {
      readonly kind: 'transaction';
      readonly what: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollbackTo';
      readonly tag: string;
    }
  | { readonly kind: 'do'; readonly body: Literal; readonly language: string }
  | { readonly kind: 'call'; readonly call: Expression }
  | { readonly kind: 'explain'; readonly of: Statement }
  | {
      readonly kind: 'prepare';
      readonly name: string;
      readonly types: readonly TypeName[];
      readonly of: Statement;
    }
  | { readonly kind: 'execute'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  /** What is done by saying so. */
  | { readonly kind: 'other'; readonly tag: string; readonly words: readonly string[] }
);

export const dropKinds = [
  'table',
  'view',
  'sequence',
  'function',
  'extension',
  'role',
  'database',
  'schema',
] as const;
export type DropKind = (typeof dropKinds)[number];

/** Of ALTER TABLE. */
export type TableAction =
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'renameColumn'; readonly column: string; readonly to: string }
  | { readonly kind: 'add'; readonly column: ColumnDefinition; readonly ifNotExists: boolean }
  | { readonly kind: 'drop'; readonly column: string; readonly ifExists: boolean }
  | { readonly kind: 'type'; readonly column: string; readonly type: TypeName }
  | { readonly kind: 'owner'; readonly to: string }
  /** What is done by saying so. */
  | { readonly kind: 'other' };

export interface RoleOptions {
  readonly password?: string;
  readonly flags: Readonly<Record<string, boolean>>;
}

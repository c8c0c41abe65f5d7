/** What scripts are read into: statements, and expressions in them. */

export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | undefined }
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression; readonly line: number }
  | {
      readonly kind: 'call';
      readonly of: Expression;
      /** `f:read()`. */
      readonly method?: string;
      readonly args: readonly Expression[];
      readonly line: number;
    }
  | FunctionExpression
  | { readonly kind: 'table'; readonly entries: readonly (readonly [Expression | undefined, Expression])[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression; readonly line: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    };

export interface FunctionExpression {
  readonly kind: 'function';
  readonly parameters: readonly string[];
  readonly body: Block;
  readonly line: number;
}

export type Statement =
  | { readonly kind: 'local'; readonly names: readonly string[]; readonly values: readonly Expression[] }
  | {
      readonly kind: 'assign';
      readonly targets: readonly Expression[];
      readonly values: readonly Expression[];
      readonly line: number;
    }
  /** `local function`, which knows itself. */
  | { readonly kind: 'function'; readonly name: string; readonly value: FunctionExpression }
  | { readonly kind: 'call'; readonly call: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly (readonly [condition: Expression | undefined, body: Block])[];
    }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: Block }
  | { readonly kind: 'repeat'; readonly condition: Expression; readonly body: Block }
  | {
      readonly kind: 'count';
      readonly name: string;
      readonly bounds: readonly Expression[];
      readonly body: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'each';
      readonly names: readonly string[];
      readonly list: readonly Expression[];
      readonly body: Block;
      readonly line: number;
    }
  | { readonly kind: 'do'; readonly body: Block }
  | { readonly kind: 'break' }
  | { readonly kind: 'return'; readonly values: readonly Expression[] };

export type Block = readonly Statement[];

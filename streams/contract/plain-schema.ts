// Whether a schema takes JSON as it is: what such a schema gives is, taken through JSON, what it would give
// again. Found out once for each event of a definition, so that data of these is not parsed a second time.

import type { z } from 'zod';

interface Def {
  readonly type: string;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly format?: string } };
  }[];
  readonly coerce?: boolean;
  readonly catchall?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
}

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

/** False where it is not known: transforms, checks of one's own, and all that JSON has no word for. */
export function isPlain(schema: z.ZodType | undefined): boolean {
  if (schema === undefined) return false;
  const def = defOf(schema);
  if (def.coerce === true || !(def.checks ?? []).every(leavesAlone)) return false;
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'enum':
    case 'template_literal':
      return true;
    case 'literal':
      return (def.values ?? []).every(
        (value) => value === null || (typeof value !== 'undefined' && typeof value !== 'bigint'),
      );
    case 'nullable':
      return isPlain(def.innerType);
    case 'array':
      return isPlain(def.element);
    case 'record':
      return isPlain(def.keyType) && isPlain(def.valueType);
    case 'union':
      return (def.options ?? []).every(isPlain);
    case 'object':
      return def.catchall === undefined && Object.values(def.shape ?? {}).every(isPlainField);
    default:
      return false;
  }
}

/** A field may be absent, which an element of a list may not: JSON makes null of it there. */
function isPlainField(schema: z.ZodType): boolean {
  const def = defOf(schema);
  return isPlain(def.type === 'optional' ? def.innerType : schema);
}

/** Checks that may change a value are of one's own (`custom`, `overwrite`), or make a URL another. */
const leavesAlone: (check: NonNullable<Def['checks']>[number]) => boolean = ({ _zod: { def } }) =>
  def.check !== 'custom' && def.check !== 'overwrite' && def.format !== 'url';

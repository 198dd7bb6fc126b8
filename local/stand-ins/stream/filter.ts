/**
 * Whether a record matches one of a mapping's filters, by the rules of EventBridge patterns that Lambda documents: every field of the
 * pattern has to match, a field matches if one of its rules does, fields that the pattern does not name do not matter.
 */
export function matchesFilters(record: unknown, filters: readonly string[]): boolean {
  return filters.length === 0 || filters.some((filter) => matches(record, JSON.parse(filter) as Pattern));
}

type Pattern = { readonly [field: string]: unknown };
type Rule = string | number | boolean | null | { readonly [operator: string]: unknown };

function matches(value: unknown, pattern: Pattern): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or' && Array.isArray(expected)) return expected.some((alternative) => matches(value, alternative as Pattern));
    const actual = isObject(value) ? value[field] : undefined;
    return Array.isArray(expected) ? matchesRules(actual, expected as Rule[]) : matches(actual, expected as Pattern);
  });
}

function matchesRules(actual: unknown, rules: readonly Rule[]): boolean {
  const candidates = Array.isArray(actual) ? actual : [actual];
  return rules.some((rule) => candidates.some((candidate) => matchesRule(candidate, rule)));
}

function matchesRule(actual: unknown, rule: Rule): boolean {
  if (!isObject(rule)) return actual === rule;
  const [[operator, operand]] = Object.entries(rule);
  switch (operator) {
    case 'exists': return (actual !== undefined) === operand;
    case 'prefix': return typeof actual === 'string' && affix(operand, (part, fold) => fold(actual).startsWith(fold(part)));
    case 'suffix': return typeof actual === 'string' && affix(operand, (part, fold) => fold(actual).endsWith(fold(part)));
    case 'equals-ignore-case': return typeof actual === 'string' && actual.toLowerCase() === String(operand).toLowerCase();
    case 'anything-but': return actual !== undefined && ![operand].flat().some((rejected) => matchesRule(actual, rejected as Rule));
    case 'numeric': return typeof actual === 'number' && compares(actual, operand as Array<string | number>);
    default: throw new Error(`The filter operator '${operator}' is not known here`);
  }
}

/** `prefix` and `suffix` take a text, or `{ "equals-ignore-case": text }`. */
function affix(operand: unknown, test: (part: string, fold: (text: string) => string) => boolean): boolean {
  return isObject(operand)
    ? test(String(operand['equals-ignore-case']), (text) => text.toLowerCase())
    : test(String(operand), (text) => text);
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `["<", 5]` or `[">=", 1, "<", 10]`. */
function compares(actual: number, operand: ReadonlyArray<string | number>): boolean {
  for (let at = 0; at < operand.length; at += 2) {
    if (!COMPARISONS[operand[at]](actual, Number(operand[at + 1]))) return false;
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

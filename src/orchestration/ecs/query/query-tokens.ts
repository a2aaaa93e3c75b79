/** The words of the cluster query language, with the column where each begins (from 1). */

export interface Token {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
  readonly column: number;
}

/** What is wrong with a query, and where in its text. */
export interface QueryFault {
  readonly column: number;
  readonly message: string;
}

/** Longest first. */
const SYMBOLS = [
  '==',
  '!=',
  '>=',
  '<=',
  '=~',
  '!~',
  '&&',
  '||',
  '>',
  '<',
  '!',
  '(',
  ')',
  '[',
  ']',
  ',',
];

const PATTERN_OPERATORS = ['=~', '!~', 'matches', 'not_matches'];

/** Letters of a name or a plain value; a value of anything else stands in quotes. */
const WORD = /[A-Za-z0-9_.:/*+?^$|{}\\@%-]/;

/** The tokens of a query with an `end` after them. */
export function tokensOf(text: string): readonly Token[] | QueryFault {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const letter = text[at]!;
    const column = at + 1;
    const isPattern = PATTERN_OPERATORS.includes(tokens.at(-1)?.text ?? '');
    const symbol = SYMBOLS.find((one) => !isPattern && text.startsWith(one, at));
    if (/\s/.test(letter)) at++;
    else if (letter === '"' || letter === "'") {
      const end = text.indexOf(letter, at + 1);
      if (end < 0) return { column, message: `expected a closing ${letter}` };
      tokens.push({ kind: 'word', text: text.slice(at + 1, end), column });
      at = end + 1;
    } else if (symbol !== undefined) {
      tokens.push({ kind: 'symbol', text: symbol, column });
      at += symbol.length;
    } else if (isPattern || WORD.test(letter)) {
      const end = endOfWord(text, at, isPattern);
      tokens.push({ kind: 'word', text: text.slice(at, end), column });
      at = end;
    } else
      return {
        column,
        message: `expected a name, a value or an operator, found ${JSON.stringify(letter)}`,
      };
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return tokens;
}

/** A pattern may hold brackets and more: it goes on to the next blank, or to a parenthesis that it did not open. */
function endOfWord(text: string, from: number, isPattern: boolean): number {
  let end = from;
  let open = 0;
  for (; end < text.length; end++) {
    const letter = text[end]!;
    if (!isPattern && !WORD.test(letter)) break;
    if (/\s/.test(letter)) break;
    if (letter === '(') open++;
    if (letter === ')' && --open < 0) break;
  }
  return end;
}

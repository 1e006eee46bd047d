/**
 * Short names for column heads, after the description of R's `abbreviate`: lower-case vowels go first,
 * from the end, then lower-case letters, never the first character of a word; spaces go at last. Names
 * that would become equal keep more of themselves.
 *
 * @param minLength names are not made shorter than this
 */
export function abbreviate(names: readonly string[], minLength: number): string[] {
  const short = names.map((name) => abbreviateOne(name, minLength));
  return short.map((text, i) => {
    let result = text;
    for (let length = minLength; short.some((other, j) => j !== i && other === result); length++) {
      if (length > names[i].length) break;
      result = abbreviateOne(names[i], length);
    }
    return result;
  });
}

function abbreviateOne(name: string, minLength: number): string {
  if (name.length <= minLength) return name;
  const letters: string[] = [...name];
  const wordStart = letters.map((_, i) => i === 0 || letters[i - 1] === " ");
  const kept = letters.map(() => true);
  const length = () => letters.filter((letter, i) => kept[i] && letter !== " ").length;
  for (const droppable of [/[aeiou]/, /\p{Ll}/u]) {
    for (let i = letters.length - 1; i > 0 && length() > minLength; i--) {
      if (kept[i] && !wordStart[i] && droppable.test(letters[i])) kept[i] = false;
    }
  }
  return letters.filter((letter, i) => kept[i] && letter !== " ").join("");
}

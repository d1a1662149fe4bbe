/** Whether one of `words` stands in `text`. */
export function hasWord(text: string, words: ReadonlySet<string>): boolean {
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!isWordCharacter(text, at - 1) && !isWordCharacter(text, at + word.length)) return true;
    }
  }
  return false;
}

function isWordCharacter(text: string, at: number): boolean {
  return /[\w$]/.test(text.charAt(at));
}

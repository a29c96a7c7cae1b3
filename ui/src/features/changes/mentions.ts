// Work items a message mentions, as Azure Boards reads them. The truth is in slipway-git; this is a preview while typing.

/** Numbers after `AB#`, each once, in order of appearance. */
export function mentionsIn(message: string): number[] {
  const found = [...message.matchAll(/\bAB#(\d{1,9})\b/gi)].map((match) => Number(match[1]));
  return [...new Set(found)].filter((id) => id > 0);
}

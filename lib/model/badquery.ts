/** The asker's mistake: status 400 with this message, as plain text. */
export class BadQuery extends Error {
  override readonly name = "BadQuery";
}

/** There is nothing of that name: status 404 with this message, as plain text. */
export class NotThere extends Error {
  override readonly name = "NotThere";
}

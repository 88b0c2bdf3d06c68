/** Bytes that are not what they should be. What sent them is not to be talked to any more. */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}

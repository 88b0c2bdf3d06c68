/**
 * A connection, or a call over one, came to nothing for a reason that lies outside the program: it was
 * closed or refused, there was no answer in time, the far end did not take what it was sent.
 */
export class ConnectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConnectionError';
  }
}

/** The far end answered a call with an error: what it says is the message. The connection goes on. */
export class RemoteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RemoteError';
  }
}

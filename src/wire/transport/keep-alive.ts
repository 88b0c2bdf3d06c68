/**
 * Of a socket: the system asks a far end that says nothing whether it is there still, from so many
 * milliseconds on. Its own time would be two hours, in which one that vanished holds its connection.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 60_000 } as const;

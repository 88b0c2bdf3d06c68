/**
 * What the stages say to the operator. A message is a sentence that does not change from one call to
 * the next; what changes stands in the fields. Strings in fields may hold any character (a file name
 * is a stranger's too): whoever writes the log escapes them.
 */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

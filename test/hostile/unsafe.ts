/** What a stranger wrote and nobody made harmless. */
import { isUtf8 } from 'node:buffer';

/** Control characters (C0, DEL, C1) and bytes that are not UTF-8; `separators` are the format's own. */
export function unsafeIn(bytes: Uint8Array, separators: RegExp): string[] {
  if (!isUtf8(bytes)) return ['bytes that are not UTF-8'];
  const text = Buffer.from(bytes).toString().replace(separators, '');
  return Array.from(text.matchAll(/.{0,20}\p{Cc}/gu), ([found]) => JSON.stringify(found));
}

/** Characters that would show what follows in another order. */
export function bidirectionalIn(text: string): string[] {
  return Array.from(text.matchAll(/.{0,20}\p{Bidi_Control}/gu), ([found]) => JSON.stringify(found));
}

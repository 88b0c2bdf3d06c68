/**
 * Where the captures of the line at hand lie: for each a start and an end, as addresses. The slots
 * are those of the plain parser's `captures.ts`, so that both can be asked the same.
 */
import { capturesAt } from './memory';

export const HOST: usize = 0;
export const USER: usize = 8;
export const TIME: usize = 16;
export const REQUEST: usize = 24;
export const STATUS: usize = 32;
export const SIZE: usize = 40;
export const REFERER: usize = 48;
export const AGENT: usize = 56;
export const URL_WORD: usize = 64;

// @ts-ignore: decorator
@inline
export function capture(slot: usize, start: usize, end: usize): void {
  store<u32>(capturesAt + slot, <u32>start);
  store<u32>(capturesAt + slot, <u32>end, 4);
}

// @ts-ignore: decorator
@inline
export function startOf(slot: usize): usize {
  return <usize>load<u32>(capturesAt + slot);
}

// @ts-ignore: decorator
@inline
export function endOf(slot: usize): usize {
  return <usize>load<u32>(capturesAt + slot, 4);
}

/** What an answer says of a line: the same numbers as in core/answer.ts, which a test compares. */

export const OTHER: u32 = 0xffff_ff00;
export const TOO_LONG: u32 = 0xffff_ff10;
export const BLANK: u32 = 0xffff_ff11;
export const NO_HOST: u32 = 0xffff_ff12;
export const NO_AGENT: u32 = 0xffff_ff13;
export const NO_REFERER: u32 = 0xffff_ff14;
export const NO_STATUS: u32 = 0xffff_ff15;
export const NO_REQUEST: u32 = 0xffff_ff16;
export const NO_FIELD: u32 = 0xffff_ff17;

/** What `matchCombined` gives for a line that matches. */
export const MATCHED: u32 = 0;

// What a code that was scanned or typed at a sampling point can be: a tube's, a card's, a pass, a label.

import { say } from "/words.js";

export const codeForm = /^[A-Za-z0-9\-_.\/:]{1,64}$/;
export const cardForm = /^[0-9]{17}[0-9Xx]$/;
export const passForm = /^DH1[0-9A-Z]{40,}$/i;

/** Whether the last character of an identity card fits the others (GB 11643-1999). */
export function isCard(code) {
  const sum = [...code.slice(0, 17)].reduce((all, digit, at) => all + digit * (2 ** (17 - at) % 11), 0);
  return "10X98765432"[sum % 11] === code[17].toUpperCase();
}

/** A label that the district has printed; its last letter finds a wrong one. */
export function isLabel(code) {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  if (!/^T[0-9A-Z]{8}$/.test(code)) return false;
  const sum = [...code.slice(1, 8)].reduce((all, letter, at) => all + (2 * at + 3) * alphabet.indexOf(letter), 0);
  return alphabet[sum % alphabet.length] === code[8];
}

/** What the codes of one roll have in common: the kind of each sign, and all but the last six. */
export function family(code) {
  const kinds = code.replace(/[0-9]/g, "0").replace(/[a-z]/g, "a").replace(/[A-Z]/g, "A");
  return `${kinds} ${code.slice(0, Math.max(1, code.length - 6))}`;
}

/** Why something is not done, as the person at the point reads it. */
export class Wrong extends Error {}
export const wrong = (chinese, english) => {
  throw new Wrong(say(chinese, english));
};

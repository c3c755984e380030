// Reads the modules of a QR code (ISO/IEC 18004:2015): what is wrong is put right, and they become text.

const blocksOf = {
  L: "1,1,1,1,1,2,2,2,2,4,4,4,4,4,6,6,6,6,7,8,8,9,9,10,12,12,12,13,14,15,16,17,18,19,19,20,21,22,24,25",
  M: "1,1,1,2,2,4,4,4,5,5,5,8,9,9,10,10,11,13,14,16,17,17,18,20,21,23,25,26,28,29,31,33,35,37,38,40,43,45,47,49",
  Q: "1,1,2,2,4,4,6,6,8,8,8,10,12,16,12,17,16,18,21,20,23,23,25,27,29,34,34,35,38,40,43,45,48,51,53,56,59,62,65,68",
  H: "1,1,2,4,4,4,5,6,8,8,11,11,16,16,18,16,19,21,25,25,25,34,30,32,35,37,40,42,45,48,51,54,57,60,63,66,70,74,77,81",
};
const checksOf = {
  L: "7,10,15,20,26,18,20,24,30,18,20,24,26,30,22,24,28,30,28,28,28,28,30,30,26,28,30,30,30,30,30,30,30,30,30,30,30,30,30,30",
  M: "10,16,26,18,24,16,18,22,22,26,30,22,22,24,24,28,28,26,26,26,26,28,28,28,28,28,28,28,28,28,28,28,28,28,28,28,28,28,28,28",
  Q: "13,22,18,26,18,24,18,22,20,24,28,26,24,20,30,24,28,28,26,30,28,30,30,30,30,28,30,30,30,30,30,30,30,30,30,30,30,30,30,30",
  H: "17,28,22,16,22,28,26,26,24,28,24,28,22,24,24,30,28,28,26,28,30,24,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30",
};
const levels = ["M", "L", "H", "Q"];
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const masks = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** What a grid of modules says; null when more of it is wrong than can be put right. */
export function decode({ modules, side, version }) {
  const format = formatOf(modules, side);
  if (!format) return null;
  const bytes = corrected(codewords(modules, side, version, masks[format.mask]), version, format.level);
  return bytes && textOf(bytes, version);
}

function formatOf(modules, side) {
  const read = (places) => places.reduce((bits, [x, y]) => (bits << 1) | modules[y * side + x], 0);
  const first = [];
  for (let x = 0; x <= 8; x++) if (x !== 6) first.push([x, 8]);
  for (let y = 7; y >= 0; y--) if (y !== 6) first.push([8, y]);
  const second = [];
  for (let y = side - 1; y >= side - 7; y--) second.push([8, y]);
  for (let x = side - 8; x < side; x++) second.push([x, 8]);
  let best = null;
  for (const read15 of [read(first), read(second)]) {
    for (let value = 0; value < 32; value++) {
      let rest = value << 10;
      for (let k = 14; k >= 10; k--) if (rest & (1 << k)) rest ^= 0x537 << (k - 10);
      let wrong = 0;
      for (let left = (((value << 10) | rest) ^ 0x5412) ^ read15; left; left &= left - 1) wrong++;
      if (wrong <= 3 && (!best || wrong < best.wrong)) best = { wrong, level: levels[value >> 3], mask: value & 7 };
    }
  }
  return best;
}

/** Where the small squares lie, along either axis. */
function alignmentPlaces(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = 4 * version + 10;
  const step = version === 32 ? 26 : Math.ceil((last - 6) / (count - 1) / 2) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, k) => last - step * (count - 2 - k))];
}

function isFixed(side, version) {
  const fixed = new Uint8Array(side * side);
  const fill = (x0, y0, w, h) => {
    for (let y = y0; y < y0 + h; y++) for (let x = x0; x < x0 + w; x++) fixed[y * side + x] = 1;
  };
  fill(0, 0, 9, 9);
  fill(side - 8, 0, 8, 9);
  fill(0, side - 8, 9, 8);
  fill(6, 0, 1, side);
  fill(0, 6, side, 1);
  const places = alignmentPlaces(version);
  const last = places.length - 1;
  places.forEach((y, row) => places.forEach((x, column) => {
    const isCorner = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0);
    if (!isCorner) fill(x - 2, y - 2, 5, 5);
  }));
  if (version >= 7) {
    fill(side - 11, 0, 3, 6);
    fill(0, side - 11, 6, 3);
  }
  return fixed;
}

function codewords(modules, side, version, mask) {
  const fixed = isFixed(side, version);
  const bytes = [];
  let [byte, count] = [0, 0];
  let isUp = true;
  for (let right = side - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let k = 0; k < side; k++) {
      const y = isUp ? side - 1 - k : k;
      for (const x of [right, right - 1]) {
        if (fixed[y * side + x]) continue;
        byte = (byte << 1) | (modules[y * side + x] ^ (mask(x, y) === 0 ? 1 : 0));
        if (++count === 8) {
          bytes.push(byte);
          [byte, count] = [0, 0];
        }
      }
    }
    isUp = !isUp;
  }
  return bytes;
}

/** The data of all blocks in their order, each put right by its check words; null when one cannot be. */
function corrected(bytes, version, level) {
  const blocks = Number(blocksOf[level].split(",")[version - 1]);
  const checks = Number(checksOf[level].split(",")[version - 1]);
  const short = Math.floor(bytes.length / blocks);
  const long = bytes.length % blocks;
  const parts = Array.from({ length: blocks }, () => []);
  let at = 0;
  for (let k = 0; k < short - checks + 1; k++) {
    parts.forEach((part, block) => {
      if (k < short - checks || block >= blocks - long) part.push(bytes[at++]);
    });
  }
  for (let k = 0; k < checks; k++) parts.forEach((part) => part.push(bytes[at++]));
  const data = [];
  for (const part of parts) {
    if (!repair(part, checks)) return null;
    for (let k = 0; k < part.length - checks; k++) data.push(part[k]);
  }
  return data;
}

// The field of 256 elements over x⁸+x⁴+x³+x²+1.
const power = new Uint8Array(512);
const logarithm = new Uint8Array(256);
for (let k = 0, value = 1; k < 255; k++) {
  power[k] = power[k + 255] = value;
  logarithm[value] = k;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? power[logarithm[a] + logarithm[b]] : 0);
const inverse = (a) => power[255 - logarithm[a]];
// Coefficients from the lowest.
const valueAt = (polynomial, x) => polynomial.reduceRight((sum, one) => times(sum, x) ^ one, 0);

/** Puts a block right in place (Berlekamp and Massey, Chien, Forney); false when too much is wrong. */
function repair(block, checks) {
  const syndromes = Array.from({ length: checks }, (_, k) => block.reduce((sum, one) => times(sum, power[k]) ^ one, 0));
  if (syndromes.every((one) => one === 0)) return true;
  let [locator, before] = [[1], [1]];
  let [length, gap, last] = [0, 1, 1];
  for (let n = 0; n < checks; n++) {
    let off = syndromes[n];
    for (let k = 1; k <= length; k++) off ^= times(locator[k] ?? 0, syndromes[n - k]);
    if (off === 0) {
      gap++;
      continue;
    }
    const kept = [...locator];
    const factor = times(off, inverse(last));
    before.forEach((one, k) => { locator[k + gap] = (locator[k + gap] ?? 0) ^ times(factor, one); });
    for (let k = 0; k < locator.length; k++) locator[k] ??= 0;
    if (2 * length <= n) {
      [length, before, last, gap] = [n + 1 - length, kept, off, 1];
    } else {
      gap++;
    }
  }
  if (2 * length > checks) return false;
  const places = [];
  for (let k = 0; k < block.length; k++) if (valueAt(locator, power[(255 - k) % 255]) === 0) places.push(k);
  if (places.length !== length) return false;
  const evaluator = Array.from({ length: checks }, (_, n) => {
    let sum = 0;
    for (let k = 0; k <= n; k++) sum ^= times(locator[k] ?? 0, syndromes[n - k]);
    return sum;
  });
  for (const place of places) {
    const x = power[(255 - place) % 255];
    let slope = 0;
    for (let k = 1; k < locator.length; k += 2) slope ^= times(locator[k], power[(logarithm[x] * (k - 1)) % 255]);
    if (slope === 0) return false;
    block[block.length - 1 - place] ^= times(power[place], times(valueAt(evaluator, x), inverse(slope)));
  }
  return Array.from({ length: checks }, (_, k) => block.reduce((sum, one) => times(sum, power[k]) ^ one, 0)).every((one) => one === 0);
}

function textOf(bytes, version) {
  let at = 0;
  const left = () => bytes.length * 8 - at;
  const take = (count) => {
    let value = 0;
    for (let k = 0; k < count; k++, at++) value = (value << 1) | ((bytes[at >> 3] >> (7 - (at & 7))) & 1);
    return value;
  };
  const size = version < 10 ? 0 : version < 27 ? 1 : 2;
  let text = "";
  let raw = [];
  const flush = () => {
    if (raw.length) text += new TextDecoder().decode(Uint8Array.from(raw));
    raw = [];
  };
  while (left() >= 4) {
    const mode = take(4);
    if (mode === 0) break;
    if (mode === 7) {
      // Which signs the bytes stand for: all that is printed today is UTF-8.
      const first = take(8);
      take(first < 128 ? 0 : first < 192 ? 8 : 16);
      continue;
    }
    if (![1, 2, 4].includes(mode)) return null;
    let count = take({ 1: [10, 12, 14], 2: [9, 11, 13], 4: [8, 16, 16] }[mode][size]);
    if (mode !== 4) flush();
    if (mode === 4) {
      if (left() < 8 * count) return null;
      for (; count > 0; count--) raw.push(take(8));
    } else if (mode === 1) {
      for (; count > 0; count -= 3) {
        const digits = Math.min(3, count);
        if (left() < [0, 4, 7, 10][digits]) return null;
        text += String(take([0, 4, 7, 10][digits])).padStart(digits, "0");
      }
    } else {
      for (; count > 0; count -= 2) {
        if (left() < (count > 1 ? 11 : 6)) return null;
        const pair = take(count > 1 ? 11 : 6);
        text += count > 1 ? (alphabet[Math.floor(pair / 45)] ?? "") + alphabet[pair % 45] : (alphabet[pair] ?? "");
      }
    }
  }
  flush();
  return text;
}

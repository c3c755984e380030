// Pictures as dark and light.

/** The brightness of each point of what a canvas holds (ITU-R BT.601). */
export function luminance({ data, width, height }) {
  const light = new Uint8Array(width * height);
  for (let k = 0, at = 0; k < light.length; k++, at += 4) {
    light[k] = (data[at] * 77 + data[at + 1] * 150 + data[at + 2] * 29) >> 8;
  }
  return { light, width, height };
}

const block = 8;
// What differs less than this inside a block is one surface, and not a line of a code.
const leastContrast = 24;

/** Each point as dark (1) or light (0), by the brightness around it: half of a sheet may lie in shadow. */
export function binary({ light, width, height }) {
  const [columns, rows] = [Math.ceil(width / block), Math.ceil(height / block)];
  const middle = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, least, most, count] = [0, 255, 0, 0];
      for (let y = row * block; y < Math.min(height, (row + 1) * block); y++) {
        for (let x = column * block; x < Math.min(width, (column + 1) * block); x++) {
          const one = light[y * width + x];
          sum += one;
          count++;
          if (one < least) least = one;
          if (one > most) most = one;
        }
      }
      let level = sum / count;
      if (most - least <= leastContrast) {
        // One surface: light, unless what lies beside it was lighter.
        level = least / 2;
        if (row > 0 && column > 0) {
          const around = (middle[(row - 1) * columns + column] + 2 * middle[row * columns + column - 1] + middle[(row - 1) * columns + column - 1]) / 4;
          if (least < around) level = around;
        }
      }
      middle[row * columns + column] = level;
    }
  }
  const bits = new Uint8Array(width * height);
  const inside = (value, least, most) => Math.max(least, Math.min(most, value));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [r, c] = [inside(row, 2, Math.max(2, rows - 3)), inside(column, 2, Math.max(2, columns - 3))];
      let [sum, count] = [0, 0];
      for (let y = r - 2; y <= Math.min(rows - 1, r + 2); y++) {
        for (let x = c - 2; x <= Math.min(columns - 1, c + 2); x++) {
          sum += middle[y * columns + x];
          count++;
        }
      }
      const level = sum / count;
      for (let y = row * block; y < Math.min(height, (row + 1) * block); y++) {
        for (let x = column * block; x < Math.min(width, (column + 1) * block); x++) {
          bits[y * width + x] = light[y * width + x] <= level ? 1 : 0;
        }
      }
    }
  }
  return { bits, width, height };
}

// Makes a screenshot small: at most 256 colours, as a palette PNG (PNG specification, 3rd edition). An interface has few colours besides its smoothed edges.
import zlib from 'node:zlib';

const { deflateSync, inflateSync } = zlib;

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** CRC-32 of PNG; zlib has it from Node 20.15 on. */
function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function chunksOf(png) {
  const out = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    out.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return out;
}

function paeth(a, b, c) {
  const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** Pixels of an 8-bit RGB or RGBA picture without interlace, as a browser takes them: {width, height, at(x, y) as 0xrrggbb}. */
function decode(png) {
  const chunks = chunksOf(png), head = chunks[0].data, width = head.readUInt32BE(0), height = head.readUInt32BE(4), bytes = { 2: 3, 6: 4 }[head[9]];
  if (head[8] !== 8 || bytes === undefined || head[12] !== 0) throw new Error('not an 8-bit RGB picture');
  const raw = inflateSync(Buffer.concat(chunks.filter((c) => c.type === 'IDAT').map((c) => c.data))), row = width * bytes, out = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    for (let i = 0; i < row; i++) {
      const left = i >= bytes ? out[y * row + i - bytes] : 0, up = y > 0 ? out[(y - 1) * row + i] : 0, corner = i >= bytes && y > 0 ? out[(y - 1) * row + i - bytes] : 0;
      out[y * row + i] = raw[y * (row + 1) + 1 + i] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
    }
  }
  return { width, height, at: (x, y) => out.readUIntBE(y * row + x * bytes, 3) };
}

const distance = (a, b) => 2 * ((a >> 16) - (b >> 16)) ** 2 + 4 * (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + 3 * ((a & 255) - (b & 255)) ** 2;

/** The commonest colours, each well apart from those before it. */
function choose(counts) {
  const palette = [], sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  for (const apart of [600, 120, 20, 0]) {
    for (const colour of sorted) if (palette.length < 256 && palette.every((other) => distance(colour, other) > apart)) palette.push(colour);
  }
  return palette;
}

/** The same picture with a palette. */
export function withPalette(png) {
  const picture = decode(png), counts = new Map(), { width, height } = picture;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) { const c = picture.at(x, y); counts.set(c, (counts.get(c) ?? 0) + 1); }
  const palette = choose(counts), nearest = new Map();
  for (const colour of counts.keys()) nearest.set(colour, palette.reduce((best, other, i) => (distance(colour, other) < distance(colour, palette[best]) ? i : best), 0));
  const raw = Buffer.alloc((width + 1) * height), head = Buffer.alloc(13);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) raw[y * (width + 1) + 1 + x] = nearest.get(picture.at(x, y));
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

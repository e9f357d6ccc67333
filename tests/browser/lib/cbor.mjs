// As much CBOR as the protocol needs. Integers beyond 2^53 are BigInts.

/** Encodes integers, texts, bytes, booleans, arrays and Maps with integer keys. */
export function encode(value) {
  const parts = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function head(major, value) {
  const number = BigInt(value);
  if (number < 24n) return Buffer.from([(major << 5) | Number(number)]);
  const [size, code] = number < 1n << 8n ? [1, 24] : number < 1n << 16n ? [2, 25] : number < 1n << 32n ? [4, 26] : [8, 27];
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(number, 1);
  bytes[8 - size] = (major << 5) | code;
  return bytes.subarray(8 - size);
}

function write(value, parts) {
  if (typeof value === "number" || typeof value === "bigint") parts.push(value < 0 ? head(1, -1n - BigInt(value)) : head(0, value));
  else if (typeof value === "string") {
    const bytes = Buffer.from(value, "utf8");
    parts.push(head(3, bytes.length), bytes);
  } else if (value instanceof Uint8Array) parts.push(head(2, value.length), Buffer.from(value));
  else if (typeof value === "boolean") parts.push(Buffer.from([value ? 0xf5 : 0xf4]));
  else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const item of value) write(item, parts);
  } else if (value instanceof Map) {
    parts.push(head(5, value.size));
    for (const [key, item] of value) {
      write(key, parts);
      write(item, parts);
    }
  } else throw new TypeError(`no CBOR for ${value}`);
}

/** Decodes one value. */
export function decode(bytes) {
  let at = 0;
  const view = Buffer.from(bytes);
  const read = () => {
    const first = view[at++];
    const major = first >> 5;
    const small = first & 31;
    if (major === 7) return { 20: false, 21: true, 22: null, 23: undefined }[small];
    let length = BigInt(small);
    if (small >= 24) {
      const size = 1 << (small - 24);
      length = BigInt(`0x${view.subarray(at, at + size).toString("hex")}`);
      at += size;
    }
    const plain = length <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(length) : length;
    switch (major) {
      case 0:
        return plain;
      case 1:
        return -1 - Number(length);
      case 2:
      case 3: {
        const part = view.subarray(at, at + plain);
        at += plain;
        return major === 2 ? part : part.toString("utf8");
      }
      case 4:
        return Array.from({ length: plain }, read);
      case 5:
        return new Map(Array.from({ length: plain }, () => [read(), read()]));
      default:
        throw new TypeError(`CBOR of major type ${major}`);
    }
  };
  return read();
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An identifier as it stands in addresses, as the number that stands in messages. */
export function identifier(text) {
  return [...text].reduce((number, digit) => number * 32n + BigInt(CROCKFORD.indexOf(digit)), 0n);
}

/** The number of an identifier, as it stands in addresses. */
export function inAddress(number) {
  let text = "";
  for (let rest = number; text.length < 13; rest /= 32n) text = CROCKFORD[Number(rest % 32n)] + text;
  return text;
}

// A device that speaks the protocol itself (docs/PROTOCOL.md), to fill a server quickly.

import { createHash, randomBytes, webcrypto } from "node:crypto";
import { decode, encode, inAddress } from "./cbor.mjs";

const MEDIA_TYPE = "application/vnd.wellfield.sync+cbor";
const random = () => randomBytes(8).readBigUInt64BE();

export const KIND = { session: 11, person: 20, mark: 30, note: 31, consent: 40, enrolled: 60, measure: 72 };

/** The rooms of a programme: what is needed on the day, and what only the office reads. */
const ROOM = { delivery: 4, casework: 5 };

/** What an event says. */
function opened(bytes) {
  const envelope = decode(bytes);
  return { device: envelope.get(0), n: envelope.get(1), kind: envelope.get(3), subject: envelope.get(6), body: decode(envelope.get(9)) };
}

/** The bytes of an event. */
export function event({ device, n, at, kind, programme, room = "delivery", subject, supersedes, by, body }) {
  const envelope = new Map([[0, device], [1, n], [2, BigInt(at) << 16n], [3, kind], [4, 1], [5, [ROOM[room], programme]]]);
  if (subject !== undefined) envelope.set(6, subject);
  if (supersedes !== undefined) envelope.set(7, supersedes);
  if (by !== undefined) envelope.set(8, by);
  envelope.set(9, encode(body));
  return encode(envelope);
}

/**
 * So many marks, spread over sessions and people. A further mark for the same person and session
 * replaces the one before, as taps on the register do.
 */
export function marks({ device, by, programme, sessions, people, firstN, count, at }) {
  const last = new Map();
  return Array.from({ length: count }, (_, index) => {
    const n = firstN + index;
    const person = people[index % people.length];
    const session = sessions[Math.floor(index / people.length) % sessions.length];
    const place = `${session}|${person}`;
    const before = last.get(place);
    last.set(place, n);
    const mark = index % 4 === 3 ? 2 : 1;
    const body = new Map([[0, session], [1, person], [2, mark]]);
    if (mark === 2) body.set(5, 1);
    return event({ device, n, at: at + index, kind: KIND.mark, programme, subject: person, supersedes: before && [[device, before]], by, body });
  });
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** The header with which a request is a device's own (docs/PROTOCOL.md, "Who asks"). */
async function proof(key, challenge, { method, address, authorization, body }) {
  const nonce = randomBytes(16);
  const digest = createHash("sha256").update(body).digest();
  const parts = ["wellfield/request/1", method, address, authorization, challenge, nonce, digest].map((part) => Buffer.from(part));
  const length = (part) => Buffer.from([part.length >>> 24, part.length >>> 16, part.length >>> 8, part.length].map((byte) => byte & 255));
  const signed = Buffer.concat(parts.flatMap((part) => [length(part), part]));
  const signature = Buffer.from(await webcrypto.subtle.sign(ECDSA, key, signed));
  return Buffer.concat([challenge, nonce, digest, signature]).toString("hex");
}

export class ProtocolDevice {
  #challenge = Buffer.alloc(16);

  static async enrol(base, code, name) {
    const staff = random();
    const { privateKey, publicKey } = await webcrypto.subtle.generateKey(ECDSA, false, ["sign"]);
    const point = Buffer.from(await webcrypto.subtle.exportKey("raw", publicKey));
    const reply = await fetch(`${base}/v1/enrol`, {
      method: "POST",
      headers: { "content-type": MEDIA_TYPE },
      body: encode(new Map([[0, code], [1, name], [2, "Bench"], [3, staff], [4, point]])),
    });
    if (reply.status !== 200) throw new Error(`enrolment: ${reply.status}`);
    const message = decode(await reply.arrayBuffer());
    return Object.assign(new ProtocolDevice(), { base, staff, signing: privateKey, device: message.get(0), token: message.get(1), programme: BigInt(message.get(3)[0]), n: 0 });
  }

  /** Makes a request as this device, and once more where the server asks for another challenge to be signed. */
  async fetch(address, { body, headers = {} } = {}) {
    const method = body === undefined ? "GET" : "POST";
    const authorization = `Bearer ${this.token.toString("hex")}`;
    const type = body === undefined ? {} : { "content-type": MEDIA_TYPE };
    for (;;) {
      const challenge = this.#challenge;
      const proven = await proof(this.signing, challenge, { method, address, authorization, body: body ?? "" });
      const reply = await fetch(this.base + address, { method, body, headers: { ...headers, ...type, authorization, "wellfield-proof": proven } });
      const heard = reply.headers.get("wellfield-challenge");
      if (heard) this.#challenge = Buffer.from(heard, "hex");
      if (reply.status !== 401 || this.#challenge.equals(challenge)) return reply;
    }
  }

  /** Sends events, in as few requests as the protocol allows. */
  async push(events) {
    for (let from = 0; from < events.length; from += 500) {
      const part = events.slice(from, from + 500);
      const firstN = this.n + 1;
      const body = encode(new Map([[0, this.device], [1, firstN], [2, part], [3, events.length - from]]));
      const reply = await this.fetch("/v1/push", { body });
      const message = decode(await reply.arrayBuffer());
      if (reply.status !== 200) throw new Error(`push: ${reply.status} ${JSON.stringify([...message])}`);
      const refused = [...message.get(3)].filter((outcome) => outcome !== 1 && outcome !== 2);
      if (refused.length > 0) throw new Error(`push: set aside as ${refused[0]}`);
      this.n += part.length;
    }
  }

  /** The name of its delivery stream in addresses. */
  streamName() {
    return `delivery/${inAddress(this.programme)}`;
  }

  async #read(address) {
    const reply = await this.fetch(address);
    if (reply.status !== 200) throw new Error(`${address}: ${reply.status}`);
    return decode(await reply.arrayBuffer());
  }

  /** Every event of the programme's delivery stream in its order, as the server hands them to tablets. */
  async delivered() {
    const streams = (await this.#read("/v1/streams")).get(0);
    const [, epoch] = streams.find(([[room]]) => room === ROOM.delivery);
    const events = [];
    for (;;) {
      const page = await this.#read(`/v1/pull?stream=${this.streamName()}&epoch=${epoch}&after=${events.length}`);
      for (const [, , bytes] of page.get(4)) events.push(opened(bytes));
      if (events.length >= page.get(3)) return events;
    }
  }

  /** Sessions long past and people long gone, to hang records on. */
  async populate({ sessions, people }) {
    const ids = (count) => Array.from({ length: count }, random);
    const made = { sessions: ids(sessions), people: ids(people) };
    const today = Math.floor(Date.now() / 86_400_000) + 2_440_588;
    const at = Date.now();
    const event_ = (kind, subject, body) => (_, index) => event({ device: this.device, n: this.n + 1 + index, at, kind, programme: this.programme, subject, by: this.staff, body });
    await this.push(made.sessions.map((session, index) => event_(KIND.session, undefined, new Map([[0, session], [1, 1000 + index], [2, today - 400 - index], [3, 600], [4, 780]]))(session, index)));
    await this.push(
      made.people.map((person, index) =>
        event_(KIND.person, person, new Map([[0, person], [1, 1], [2, today - 900], [3, today - 300], [4, `Person ${index + 1}`]]))(person, index),
      ),
    );
    return made;
  }
}

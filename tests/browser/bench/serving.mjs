// What the server does for many devices, and how fast it hands out.

import { decode } from "../lib/cbor.mjs";
import { ProtocolDevice, marks } from "../lib/protocol.mjs";

const DEVICES = 200;
const EVENTS_EACH = 50;
const PAGE = 2_000;

export function serving({ newServer, quantile, tell, round, events }) {
  return async (template) => {
    const server = await newServer(template);
    const places = await (await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Planner")).populate({ sessions: 20, people: 40 });
    const fleet = [];
    for (let number = 1; number <= DEVICES; number += 1) {
      fleet.push(await ProtocolDevice.enrol(server.base, await server.code("facilitator"), `Tablet ${number}`));
    }
    // All of them come back into the signal, as their waits end within ten seconds, and in one moment.
    for (const within of [10_000, 0]) {
      const began = performance.now();
      const took = await Promise.all(
        fleet.map(async (device, number) => {
          const log = marks({ ...device, by: device.staff, ...places, firstN: device.n + 1, count: EVENTS_EACH, at: Date.now() });
          await new Promise((resolve) => setTimeout(resolve, (within * number) / DEVICES));
          const sent = performance.now();
          await device.push(log);
          return performance.now() - sent;
        }),
      );
      const when = within > 0 ? `within ${within / 1000} s` : "at once";
      tell(`${DEVICES} devices send ${EVENTS_EACH} events each ${when}: until all are held`, round((performance.now() - began) / 1000, 2), "s", "≤ 60");
      tell(`${DEVICES} devices send ${EVENTS_EACH} events each ${when}: p99 of a push`, round(quantile(took, 0.99), 0), "ms", within > 0 ? "≤ 300" : undefined);
    }

    const seeder = fleet[0];
    await seeder.push(marks({ ...seeder, by: seeder.staff, ...places, firstN: seeder.n + 1, count: events, at: Date.now() - 86_400_000 }));
    const pulled = await pullAll(seeder);
    tell("the server hands out pages of 2,000 events, one reader", round(pulled.events / pulled.seconds, 0), "/s", "≥ 200000");
    await server.stop();
  };
}

/** Reads the delivery stream to its end, as fast as the pages come. */
async function pullAll(device) {
  const page = async (after) => {
    const address = `/v1/pull?stream=${device.streamName()}&epoch=1&after=${after}&limit=${PAGE}`;
    const reply = await device.fetch(address, { headers: { "accept-encoding": "identity" } });
    if (reply.status !== 200) throw new Error(`pull: ${reply.status}`);
    return Buffer.from(await reply.arrayBuffer());
  };
  const head = Number(decode(await page(0)).get(3));
  // Only the last page has fewer events; to read each would measure Node.js.
  const began = performance.now();
  for (let after = 0; after < head; after += PAGE) await page(after);
  return { events: head, seconds: (performance.now() - began) / 1000 };
}

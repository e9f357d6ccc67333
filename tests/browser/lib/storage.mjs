// What the browser lets a site keep, and how to take it away.

/**
 * Starts the browser anew with so many bytes for an origin, until the returned function is called. The
 * browser remembers how much room there was, so that a limit set later would not be noticed.
 */
export async function startWithRoom(device, origin, bytes) {
  await device.close();
  await device.start();
  // The limit holds for as long as the session that set it.
  const session = await device.context.newCDPSession(device.page);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: bytes });
  return async () => {
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await session.detach();
  };
}

/** A browser that keeps nothing, in one of the ways in which browsers do that. */
export async function withoutStorage(context, way) {
  await context.addInitScript((way) => {
    const absent = { undefined: () => undefined, null: () => null };
    if (way in absent) {
      Object.defineProperty(globalThis, "indexedDB", { configurable: true, get: absent[way] });
      if (way === "undefined") delete Window.prototype.indexedDB;
    } else if (way === "refuses") {
      IDBFactory.prototype.open = () => {
        throw new DOMException("The operation is insecure.", "SecurityError");
      };
    } else {
      // Firefox in private windows of old: the request fails later.
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (name, ...more) {
        const request = open.call(this, name, ...more);
        Object.defineProperty(request, "error", { get: () => new DOMException("A mutation operation was attempted", "InvalidStateError") });
        queueMicrotask(() => request.dispatchEvent(new Event("error")));
        return request;
      };
    }
  }, way);
}

/** Opens the app's database in a page with a version, and holds on to it whoever asks for it. */
export async function holdDatabase(page, name, version) {
  return page.evaluate(
    ([name, version]) =>
      new Promise((resolve) => {
        const request = indexedDB.open(name, version);
        request.onsuccess = () => {
          globalThis.held = request.result;
          resolve("open");
        };
        request.onblocked = () => resolve("blocked");
        request.onerror = () => resolve(request.error.name);
      }),
    [name, version],
  );
}

/**
 * What the server's records lie in on a tablet: the names and bytes of the blocks. `change` may put
 * other bytes in their place, or `null` for a block that is to be missing.
 */
export async function blocks(page, change = {}) {
  return page.evaluate(async (change) => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open("wellfield"));
    const store = database.transaction("blocks", "readwrite").objectStore("blocks");
    for (const [name, bytes] of Object.entries(change)) {
      await done(bytes === null ? store.delete(name) : store.put(new Uint8Array(bytes), name));
    }
    const [names, rows] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    database.close();
    return Object.fromEntries(names.map((name, index) => [name, Array.from(rows[index])]));
  }, change);
}

/** Changes the newest record of the tablet's own log: `cut` bytes of its end are lost. */
export async function cutNewestRecord(page, cut) {
  await page.evaluate(async (cut) => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open("wellfield"));
    const store = database.transaction("log", "readwrite").objectStore("log");
    const newest = (await done(store.getAllKeys())).at(-1);
    const row = await done(store.get(newest));
    await done(store.put(row.slice(0, row.length - cut), newest));
    database.close();
  }, cut);
}

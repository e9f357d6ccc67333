// PouchDB's own server with LevelDB, as a process of its own: `node pouch-server.mjs DIR`.

import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const [folder] = process.argv.slice(2);
process.chdir(folder);
const express = require("express");
const PouchDB = require("pouchdb").defaults({ prefix: `${folder}${path.sep}` });
const app = express();
app.get("/bench/pouchdb.js", (_, reply) => reply.sendFile(require.resolve("pouchdb/dist/pouchdb.min.js")));
app.get("/bench/", (_, reply) => reply.type("html").send('<!doctype html><title>PouchDB</title><script src="pouchdb.js"></script>'));
app.use("/db", require("express-pouchdb")(PouchDB, { logPath: path.join(folder, "log.txt"), inMemoryConfig: true, mode: "fullCouchDB" }));
const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));

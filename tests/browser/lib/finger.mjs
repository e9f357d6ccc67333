// A browser whose device has a finger: passkeys, as Chromium's virtual authenticator has them.

/** The same server under a name: an address of numbers has no passkeys. */
export function byName(server) {
  const base = server.base.replace("127.0.0.1", "localhost");
  return new Proxy(server, {
    get(target, key) {
      if (key === "base") return base;
      const value = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A tablet whose own finger is there, as the browser's virtual authenticator has it. */
export async function withFinger(page, { hasPrf = true } = {}) {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("WebAuthn.enable");
  const { authenticatorId } = await protocol.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
  const finger = (isUserVerified) => protocol.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  const keys = async () => (await protocol.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  return { finger, keys };
}

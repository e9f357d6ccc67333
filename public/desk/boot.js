// Starts the module of passkeys on a page that the server wrote. Without it everything else on the page works,
// so a failure is for whoever looks at the console and nobody else.
const { module, wasm } = document.querySelector("script[data-module]").dataset;
try {
  const { default: start } = await import(module);
  await start({ module_or_path: wasm });
} catch (failure) {
  console.error(failure);
}

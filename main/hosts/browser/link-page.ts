/** What a browser shows that comes without a key: the page takes the link that the program printed. No script. */
export const linkPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>CleanCLIP Workbench</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; padding: 1rem; box-sizing: border-box; }
  main { width: min(36rem, 100%); }
  h1 { font-size: 1.25rem; }
  form { display: flex; flex-wrap: wrap; gap: .5rem; }
  input { flex: 1 1 18rem; min-width: 0; }
  input, button { font: inherit; padding: .4rem .6rem; }
</style>
<main>
  <h1>This page needs the workbench’s link</h1>
  <p>The link holds the key to the workspace. The program prints it when it starts, with npm start or ccw serve. Paste it here.</p>
  <form action="/enter" method="get">
    <input name="link" type="url" required autofocus aria-label="Link" placeholder="http://127.0.0.1:8711/enter?token=...">
    <button>Open</button>
  </form>
</main>
</html>
`;

/** The page's form may lead to any port of this machine, where the workbench may have been started again. */
export const linkPagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:* http://localhost:*; base-uri 'none'; frame-ancestors 'none'";

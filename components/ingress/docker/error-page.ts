/** What the ingress says when nobody else can. No script and no other file: either would need the site. */
export const plainErrorPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Back soon</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}</style>
<h1>Back soon</h1>
<p>The site is not available at the moment. Please try again in a minute.</p>
</html>
`;

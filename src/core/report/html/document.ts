// The frame of a page that needs nothing but itself. Nothing on it may load anything: its policy forbids that, and of
// scripts it lets only its own run, if it has one.
import { html, type Markup, type Part, trusted } from "./markup.js";

export interface DocumentParts {
  readonly title: string;
  readonly style: string;
  /** SHA-256 of the page's script in base64; left out: it has none. */
  readonly scriptHash?: string;
  /** From the header to the footer. */
  readonly body: Part;
  /** What follows the page, for programs. */
  readonly scripts?: Part;
}

export function documentHtml({ title, style, scriptHash, body, scripts }: DocumentParts): Markup {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${scriptHash === undefined ? "'none'" : `'sha256-${scriptHash}'`}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body}
${scripts}
</body>
</html>
`;
}

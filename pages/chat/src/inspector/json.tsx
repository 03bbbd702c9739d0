// JSON as people read it: indented, coloured, to be copied.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icons';
import { t } from '../texts';

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function coloured(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match;
    out.push(text.slice(at, match.index));
    if (string && colon) out.push(<span class="json-key">{string}</span>, colon);
    else out.push(<span class={string ? 'json-string' : word ? 'json-word' : 'json-number'}>{whole}</span>);
    at = match.index + whole.length;
  }
  out.push(text.slice(at));
  return out;
}

export function Json({ title, value }: { title: string; value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return (
    <section class="json">
      <header>
        <h2>{title}</h2>
        <button class="small-button" onClick={copy} aria-label={`${t('copy')}: ${title}`}>
          <Icon name={copied ? 'check' : 'copy'} /> {t(copied ? 'copied' : 'copy')}
        </button>
      </header>
      <pre tabIndex={0}>{coloured(text)}</pre>
    </section>
  );
}

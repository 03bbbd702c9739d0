// Text with Telegram's entities as elements: never as HTML, so nothing a bot sends can run.
import type { ComponentChildren, JSX } from 'preact';
import { api } from './api';
import { store } from './store';
import type { Entity } from './types';

const tags: Record<string, keyof JSX.IntrinsicElements> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};

const safeLink = (url: string) => (/^(https?:|tg:|mailto:)/i.test(url) ? url : undefined);

const reveal = (event: Event) => (event.currentTarget as HTMLElement).classList.add('seen');

function wrap(entity: Entity, text: string, inside: ComponentChildren): ComponentChildren {
  const Tag = tags[entity.type];
  if (Tag) return <Tag class={entity.type === 'expandable_blockquote' ? 'long' : undefined}>{inside}</Tag>;
  switch (entity.type) {
    case 'spoiler':
      return (
        <span class="spoiler" role="button" tabIndex={0} onClick={reveal} onKeyDown={(event) => event.key === 'Enter' && reveal(event)}>
          {inside}
        </span>
      );
    case 'text_link':
    case 'url':
    case 'email': {
      const url = entity.url ?? (entity.type === 'email' ? `mailto:${text}` : text.includes('://') ? text : `https://${text}`);
      return (
        <a href={safeLink(url)} target="_blank" rel="noopener noreferrer">
          {inside}
        </a>
      );
    }
    case 'bot_command':
      return (
        <a href="#" onClick={(event) => (event.preventDefault(), store.act(() => api.write(store.current, { text, ...store.from() })))}>
          {inside}
        </a>
      );
    case 'mention':
    case 'hashtag':
      return <span class="mention">{inside}</span>;
    default:
      return inside;
  }
}

// Offsets are UTF-16 code units, which is what JavaScript's strings count.
function render(text: string, entities: Entity[], from: number, to: number): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = from;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i]!;
    const end = Math.min(entity.offset + entity.length, to);
    let next = i + 1;
    while (next < entities.length && entities[next]!.offset < end) next += 1;
    if (entity.offset > at) out.push(text.slice(at, entity.offset));
    const inside = render(text, entities.slice(i + 1, next), Math.max(entity.offset, at), end);
    out.push(wrap(entity, text.slice(entity.offset, end), inside));
    at = Math.max(at, end);
    i = next;
  }
  if (at < to) out.push(text.slice(at, to));
  return out;
}

export function Rich({ text, entities }: { text: string; entities?: Entity[] | undefined }) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return <span class="rich">{render(text, sorted, 0, text.length)}</span>;
}

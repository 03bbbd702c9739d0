// The traffic of the sandbox as the page has heard it: lines about one call or update become one entry.
import { api } from '../api';
import type { TrafficLine } from '../types';

export interface Entry {
  id: string;
  seq: number;
  update: boolean; // else a call
  at: number; // ms since 1970
  chat: number; // 0: about no chat
  method: string; // or the update's type
  sent: unknown;
  files: string[];
  violations: string[];
  status: number | null; // null: no answer yet; 0: the connection was closed
  ms: number;
  fault: string;
  answer: unknown;
  fates: string[];
}

const most = 500;

class Traffic {
  entries = new Map<string, Entry>();
  private source: EventSource | null = null;
  private last = 0;
  private listeners = new Set<() => void>();

  // Listens as long as somebody watches, and goes on where it was.
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.source) this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.source?.close();
      this.source = null;
    };
  }

  clear() {
    this.entries.clear();
    this.changed();
  }

  private open() {
    this.source = api.traffic(this.last);
    this.source.onmessage = (event) => this.take(JSON.parse(event.data) as TrafficLine);
  }

  private changed() {
    for (const listener of this.listeners) listener();
  }

  private take(line: TrafficLine) {
    if (line.seq <= this.last) this.entries.clear(); // another server than before
    this.last = line.seq;
    if (line.kind === 'call' || line.kind === 'update') this.begin(line);
    else this.end(line);
    this.changed();
  }

  private begin(line: TrafficLine) {
    const update = line.kind === 'update';
    this.entries.set(line.id, {
      id: line.id,
      seq: line.seq,
      update,
      at: line.at,
      chat: line.chat_id,
      method: line.method,
      sent: update ? line.body : line.params,
      files: line.files ?? [],
      violations: line.violations ?? [],
      status: null,
      ms: 0,
      fault: '',
      answer: null,
      fates: [],
    });
    if (this.entries.size > most) this.entries.delete(this.entries.keys().next().value!);
  }

  private end(line: TrafficLine) {
    const entry = this.entries.get(line.id);
    if (!entry) return;
    const changed = line.kind === 'fate' ? { fates: [...entry.fates, line.fate] } : { status: line.status, ms: line.ms, fault: line.fault, answer: line.body };
    this.entries.set(line.id, { ...entry, ...changed });
  }
}

export const traffic = new Traffic();

export const failed = (entry: Entry) =>
  entry.violations.length > 0 || entry.fault !== '' || (entry.status !== null && entry.status !== 200) || entry.fates.some((fate) => fate !== 'fetched' && fate !== 'delivered');

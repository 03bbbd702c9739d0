// The people's side of persona-sandbox over HTTP (sandbox/README.md).
import type { Fault, Group, Message, ReplyKeyboard, ServerState, User } from './types';

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const form = body instanceof FormData;
  const init: RequestInit = { method };
  if (body !== undefined) init.body = form ? body : JSON.stringify(body);
  if (body !== undefined && !form) init.headers = { 'Content-Type': 'application/json' };
  const response = await fetch(path, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer as T;
}

export interface History {
  messages: Message[];
  keyboard: ReplyKeyboard | null;
  blocked: boolean;
  seq: number;
}

const chat = (id: number) => `sandbox/chats/${id}`;

export const api = {
  state: () => request<ServerState>('GET', 'sandbox/state'),
  addUser: (first_name: string, language_code: string) => request<User>('POST', 'sandbox/users', { first_name, language_code }),
  addGroup: (title: string, members: number[]) => request<Group>('POST', 'sandbox/groups', { title, members }),
  history: (id: number) => request<History>('GET', `${chat(id)}/messages?limit=300`),
  write: (id: number, content: Record<string, unknown>) => request('POST', `${chat(id)}/messages`, content),
  edit: (id: number, message: number, content: Record<string, unknown>) => request('PATCH', `${chat(id)}/messages/${message}`, content),
  press: (id: number, wanted: Record<string, unknown>) =>
    request<{ result: { callback_query_id: string } }>('POST', `${chat(id)}/press`, wanted),
  pay: (id: number, wanted: Record<string, unknown>) => request('POST', `${chat(id)}/pay`, wanted),
  block: (id: number, blocked: boolean) => request('POST', `${chat(id)}/block`, { blocked }),
  sendFiles(id: number, files: File[], fields: Record<string, string | number>) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
    for (const file of files) form.append('file', file, file.name);
    return request('POST', `${chat(id)}/messages`, form);
  },
  fileUrl: (id: string) => `sandbox/files/${encodeURIComponent(id)}`,
  faults: () => request<{ faults: Fault[] }>('GET', 'sandbox/faults'),
  addFault: (fault: Record<string, unknown>) => request('POST', 'sandbox/faults', fault),
  clearFaults: () => request('DELETE', 'sandbox/faults'),
  traffic: (after: number) => new EventSource(`sandbox/traffic?after=${after}`),
  events: (after: number) => new EventSource(`sandbox/events?after=${after}`),
};

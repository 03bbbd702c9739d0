// What a person says in the open chat, whoever asks for it: the line, a button, a menu.
import { api } from './api';
import { store } from './store';

export const say = (content: Record<string, unknown>) => store.act(() => api.write(store.current, { ...content, ...store.from() }));

export const somewhere = { latitude: 55.7558, longitude: 37.6173 };

import { render } from 'preact';
import { App } from './app';
import { store } from './store';
import './style.css';

render(<App />, document.getElementById('app')!);
void store.connect();

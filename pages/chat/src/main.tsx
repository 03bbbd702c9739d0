import { render } from 'preact';
import { App } from './app';
import { store } from './store';
import './styles/tokens.css';
import './styles/layout.css';
import './styles/conversation.css';
import './styles/media.css';
import './styles/composer.css';
import './styles/overlays.css';
import './styles/inspector.css';
import { applyTheme } from './theme';

applyTheme();
render(<App />, document.getElementById('app')!);
void store.connect();

import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/sign-in.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/chat.css';
import { App } from './views/app';

render(<App />, document.getElementById('app')!);

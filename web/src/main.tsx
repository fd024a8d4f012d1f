import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/avatar.css';
import './styles/sign-in.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/chat.css';
import './styles/messages.css';
import './styles/message-parts.css';
import './styles/attachments.css';
import './styles/composer.css';
import './styles/details.css';
import { App } from './views/app';

render(<App />, document.getElementById('app')!);

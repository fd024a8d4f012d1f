import { useEffect, useState } from 'preact/hooks';
import { account, device, signOut } from '../model/account';
import { revokeDevice } from '../model/revoke-device';
import { go } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { ConfirmLogOut } from './confirm-log-out';
import { DeviceList } from './device-list';
import { LogOutIcon } from './icons';
import { PanelBar } from './panel-bar';

/** The user's own things: name, notifications, devices, and the way out. */
export function Settings() {
  const chat = useChat();
  const [asking, setAsking] = useState(false);

  async function logOut() {
    const session = account.value;
    await chat.forget();
    if (session) void revokeDevice(session.token, device());
    signOut();
    go({ view: 'list' });
  }

  return (
    <>
      <PanelBar title="Settings" />
      <div class="panel" data-testid="settings">
        <Profile />
        <NotificationSwitch />
        <DeviceList />
        <button
          type="button" class="secondary wide danger-text" data-testid="log-out"
          onClick={() => (chat.outbox.messages.value.length > 0 ? setAsking(true) : void logOut())}
        ><LogOutIcon /> Log out</button>
      </div>
      {asking && <ConfirmLogOut unsent={chat.outbox.messages.value.length} onConfirm={() => void logOut()} onCancel={() => setAsking(false)} />}
    </>
  );
}

function Profile() {
  const chat = useChat();
  const [name, setName] = useState('');
  const [said, setSaid] = useState('');
  const { rest } = chat.client;
  useEffect(() => {
    rest.me().then((me) => setName(me.name ?? ''), () => {});
  }, []);

  async function save(event: Event) {
    event.preventDefault();
    setSaid(await rest.rename(name.trim()).then(() => 'Saved.', (failure: Error) => failure.message));
  }

  return (
    <form class="details-part" onSubmit={save}>
      <div class="profile"><Avatar name={chat.me} /><h2>{chat.me}</h2></div>
      <label class="field">
        <span>Display name</span>
        <span class="field-row">
          <input value={name} maxLength={128} autocomplete="name" onInput={({ currentTarget }) => setName(currentTarget.value)} data-testid="display-name" />
          <button type="submit" class="secondary" data-testid="display-name-save">Save</button>
        </span>
      </label>
      <p class="details-note" role="status">{said}</p>
    </form>
  );
}

function NotificationSwitch() {
  const { notifications } = useChat();
  const permission = notifications.permission.value;
  const note = permission === 'denied' ? 'This browser does not allow notifications for this page. Its settings can change that.'
    : permission === 'unsupported' ? 'This browser shows no notifications.' : 'For messages that come while you look elsewhere.';
  return (
    <section class="details-part" aria-labelledby="notifications-title">
      <h2 id="notifications-title">Notifications</h2>
      <label class="switch">
        <input
          type="checkbox" checked={notifications.on} disabled={permission === 'denied' || permission === 'unsupported'}
          onChange={({ currentTarget }) => void notifications.turn(currentTarget.checked)} data-testid="notifications"
        />
        <span>Desktop notifications</span>
      </label>
      <p class="details-note">{note}</p>
    </section>
  );
}

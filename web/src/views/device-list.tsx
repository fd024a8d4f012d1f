import { useEffect, useState } from 'preact/hooks';
import type { Device } from '@parley/sdk';
import { device as thisDevice } from '../model/account';
import { shortTime } from '../model/time';
import { useChat } from './chat-context';
import { Confirm } from './confirm';

/** Where the user is signed in, and signing out elsewhere. */
export function DeviceList() {
  const { rest } = useChat().client;
  const [devices, setDevices] = useState<readonly Device[]>();
  const [failure, setFailure] = useState('');
  const [revoking, setRevoking] = useState<string>();

  const load = () => rest.devices().then((items) => setDevices(items), (problem: Error) => setFailure(problem.message));
  useEffect(() => void load(), []);

  async function revoke(device: string) {
    setFailure('');
    await rest.revoke(device).catch((problem: Error) => setFailure(problem.message));
    await load();
  }

  const mine = thisDevice();
  const sorted = [...(devices ?? [])].sort((a, b) => Number(b.device === mine) - Number(a.device === mine) || (b.lastUsed ?? 0) - (a.lastUsed ?? 0));
  return (
    <section class="details-part" aria-labelledby="devices-title">
      <h2 id="devices-title">Devices</h2>
      {failure && <p class="failure" role="alert">{failure}</p>}
      {!devices && !failure && <span class="spinner" role="status" aria-label="Loading devices" />}
      <ul class="devices" data-testid="devices">
        {sorted.map(({ device, lastUsed }) => (
          <li key={device} data-testid="device" data-device={device} data-current={device === mine}>
            <span class="file-names">
              <span class="file-name">{device === mine ? 'This browser' : device}</span>
              <span class="file-size">{device === mine ? device : lastUsed === undefined ? 'Not used yet' : `Last used ${shortTime(lastUsed)}`}</span>
            </span>
            {device !== mine && <button type="button" class="secondary small" aria-label={`Sign out ${device}`} onClick={() => setRevoking(device)} data-testid="revoke">Sign out</button>}
          </li>
        ))}
      </ul>
      {revoking !== undefined && (
        <Confirm title="Sign this device out?" verb="Sign out" onConfirm={() => void revoke(revoking)} onCancel={() => setRevoking(undefined)}>
          {revoking} has to log in again to be used.
        </Confirm>
      )}
    </section>
  );
}

import { account } from '../model/account';
import { Messenger } from './messenger';
import { SignIn } from './sign-in';

export function App() {
  const user = account.value?.user;
  // The key gives another user another messenger, with nothing left of the one before.
  return user === undefined ? <SignIn /> : <Messenger key={user} user={user} />;
}

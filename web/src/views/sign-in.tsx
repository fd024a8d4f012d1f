import { useEffect, useRef, useState } from 'preact/hooks';
import { ParleyError } from '@parley/sdk';
import { signedOutBecause, signIn, signUp } from '../model/account';
import { Logo } from './icons';

const userPattern = '[A-Za-z0-9][A-Za-z0-9._@+\\-]{0,127}';

/** Logs in, or makes an account. */
export function SignIn() {
  const [fresh, setFresh] = useState(false);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const user = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  useEffect(() => user.current!.focus(), []);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure('');
    try {
      await (fresh ? signUp : signIn)(user.current!.value.trim(), password.current!.value);
    } catch (problem) {
      setFailure(problemText(problem, fresh));
      const field = problem instanceof ParleyError && problem.field === 'user' ? user : password;
      field.current?.focus();
      field.current?.select();
    } finally {
      setBusy(false);
    }
  }

  function choose(next: boolean) {
    setFresh(next);
    setFailure('');
    user.current!.focus();
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit} aria-labelledby="sign-in-title" data-testid="sign-in">
        <Logo />
        <h1 id="sign-in-title">{fresh ? 'Create your account' : 'Welcome to Parley'}</h1>
        <p class="sign-in-lead">{fresh ? 'Choose a user name that others find you by.' : 'Log in to pick up where you left off.'}</p>
        {signedOutBecause.value && !failure && <p class="notice" role="status" data-testid="signed-out">{signedOutBecause.value}</p>}
        <label class="field">
          <span>User name</span>
          <input
            ref={user} name="user" required maxLength={128} pattern={userPattern} title="Letters, digits and . _ @ + - (a letter or digit first)"
            autocomplete="username" autocapitalize="none" spellcheck={false} data-testid="sign-in-user"
          />
        </label>
        <label class="field">
          <span>Password</span>
          <input
            ref={password} name="password" type="password" required minLength={fresh ? 8 : 1} maxLength={128}
            autocomplete={fresh ? 'new-password' : 'current-password'} aria-describedby={fresh ? 'password-hint' : undefined} data-testid="sign-in-password"
          />
          {fresh && <small id="password-hint">At least 8 characters</small>}
        </label>
        {failure && <p class="failure" role="alert" data-testid="sign-in-failure">{failure}</p>}
        <button type="submit" class="primary" aria-disabled={busy} data-testid="sign-in-submit">
          {busy ? 'One moment…' : fresh ? 'Create account' : 'Log in'}
        </button>
        <p class="sign-in-switch">
          {fresh ? 'Already have an account?' : 'New here?'}{' '}
          <button type="button" class="link" onClick={() => choose(!fresh)} data-testid="sign-in-switch">
            {fresh ? 'Log in' : 'Create an account'}
          </button>
        </p>
      </form>
    </main>
  );
}

function problemText(problem: unknown, fresh: boolean): string {
  if (!(problem instanceof ParleyError)) return String(problem);
  switch (problem.code) {
    case 'unauthenticated':
      return 'User name and password do not match.';
    case 'conflict':
      return 'This user name is taken.';
    case 'rate_limited':
      return 'Too many tries. Wait a moment and try again.';
    case 'unreachable':
      return 'The server cannot be reached. Check your connection and try again.';
    case 'forbidden':
      return fresh ? 'This server does not take new accounts.' : problem.message;
    default:
      return problem.message;
  }
}

import type { ComponentChildren } from 'preact';

// Icons say nothing to a screen reader: the button or the text beside them does.
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export const BackIcon = () => <Icon><path d="M15 5l-7 7 7 7" /></Icon>;
export const NewChatIcon = () => <Icon><path d="M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6" /><path d="M18.4 3.6a1.7 1.7 0 0 1 2.4 2.4L12 14.8l-3.2.8.8-3.2z" /></Icon>;
export const GroupIcon = () => <Icon><circle cx="9" cy="8" r="3.5" /><path d="M2.5 20c.4-3.8 3-5.8 6.5-5.8s6.1 2 6.5 5.8" /><path d="M16 4.9a3.5 3.5 0 0 1 0 6.3M18 14.7c2 .8 3.2 2.6 3.5 5.3" /></Icon>;
export const LogOutIcon = () => <Icon><path d="M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4" /><path d="M15 8l4 4-4 4M19 12H9.5" /></Icon>;
export const DownIcon = () => <Icon><path d="M6 9l6 6 6-6" /></Icon>;
export const CloseIcon = () => <Icon><path d="M6 6l12 12M18 6L6 18" /></Icon>;
export const PlusIcon = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>;

export const SendIcon = () => (
  <svg class="icon" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
    <path d="M3.6 4.3c-.3-.9.6-1.7 1.5-1.3l16 7.6c1.2.6 1.2 2.2 0 2.8l-16 7.6c-.9.4-1.8-.4-1.5-1.3L5.8 13.3l7.4-.9a.4.4 0 0 0 0-.8l-7.4-.9z" />
  </svg>
);

export const Logo = () => (
  <svg class="logo" viewBox="0 0 64 64" aria-hidden="true">
    <rect class="logo-ground" width="64" height="64" rx="15" />
    <path class="logo-back" d="M31 25h16a7 7 0 0 1 7 7v9a7 7 0 0 1-4 6.3V55l-8.5-7H31a7 7 0 0 1-7-7v-9a7 7 0 0 1 7-7z" />
    <path class="logo-front" d="M18 11h18a8 8 0 0 1 8 8v10a8 8 0 0 1-8 8H25l-10 8.5v-9.1A8 8 0 0 1 10 29V19a8 8 0 0 1 8-8z" />
  </svg>
);

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
export const SearchIcon = () => <Icon><circle cx="10.5" cy="10.5" r="6" /><path d="M15 15l5.5 5.5" /></Icon>;
export const SettingsIcon = () => <Icon><path d="M4 7h8M18 7h2M4 17h2M12 17h8" /><circle cx="15" cy="7" r="2.6" /><circle cx="9" cy="17" r="2.6" /></Icon>;
export const InfoIcon = () => <Icon><circle cx="12" cy="12" r="8.5" /><path d="M12 11v5M12 8v.01" /></Icon>;
export const AttachIcon = () => <Icon><path d="M19.5 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.9 7.9a1.5 1.5 0 0 1-2.2-2.2l7-7" /></Icon>;
export const ReplyIcon = () => <Icon><path d="M9.5 6L4 11.5 9.5 17" /><path d="M4.5 11.5H14a6 6 0 0 1 6 6v1" /></Icon>;
export const ReactIcon = () => <Icon><circle cx="12" cy="12" r="8.5" /><path d="M8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01" /></Icon>;
export const EditIcon = () => <Icon><path d="M16.5 4.8a1.9 1.9 0 0 1 2.7 2.7L8.5 18.2 4.5 19.5l1.3-4z" /></Icon>;
export const DeleteIcon = () => <Icon><path d="M5 7h14M10 7V5a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v2M7 7l.8 11.1A2 2 0 0 0 9.8 20h4.4a2 2 0 0 0 2-1.9L17 7M10.5 11v5M13.5 11v5" /></Icon>;
export const FileIcon = () => <Icon><path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5z" /><path d="M13.5 3.5v5h5" /></Icon>;
export const DownloadIcon = () => <Icon><path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14" /></Icon>;
export const MuteIcon = () => <Icon><path d="M8 6.2A5 5 0 0 1 17 9.5c0 4 1.5 5.5 2 6M6.9 9.3c0 4.5-1.9 5.7-1.9 6.7h11M10.3 19.5a2 2 0 0 0 3.4 0M4 4l16 16" /></Icon>;

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

import { useEffect, useState } from 'preact/hooks';

/** Takes files that are dragged over the chat. */
export function useDrop(onFiles: ((files: File[]) => void) | undefined) {
  const [over, setOver] = useState(false);

  // A file that misses its place must not replace the page.
  useEffect(() => {
    const ignore = (event: DragEvent) => event.preventDefault();
    addEventListener('dragover', ignore);
    addEventListener('drop', ignore);
    return () => {
      removeEventListener('dragover', ignore);
      removeEventListener('drop', ignore);
    };
  }, []);

  const hasFiles = (event: DragEvent) => onFiles !== undefined && (event.dataTransfer?.types.includes('Files') ?? false);
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => hasFiles(event) && setOver(true),
      onDragLeave: (event: DragEvent) => {
        const to = event.relatedTarget as Node | null;
        if (!to || !(event.currentTarget as Node).contains(to)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) onFiles?.(files);
      },
    },
  };
}

export function DropHint() {
  return <div class="drop-hint" aria-hidden="true"><span>Drop files to send them</span></div>;
}

import type { Attachment, Rest } from '@parley/sdk';

// Pictures that a browser shows without running anything in them; SVG is not among them.
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const urlsMax = 80;

export function isPicture({ mime }: Attachment): boolean {
  return mime !== undefined && pictures.has(mime);
}

/** Attachments as object URLs: an `img` can send no token, and one in its address would end up in logs. */
export class FileUrls {
  readonly #rest: Rest;
  readonly #urls = new Map<string, Promise<string>>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  picture({ file, mime }: Attachment): Promise<string> {
    const known = this.#urls.get(file);
    this.#urls.delete(file);
    const url = known ?? this.#rest.download(file).then((blob) => URL.createObjectURL(new Blob([blob], { type: mime ?? '' })));
    this.#urls.set(file, url);
    url.catch(() => this.#urls.delete(file));
    if (this.#urls.size > urlsMax) this.#forget(this.#urls.keys().next().value!);
    return url;
  }

  /** Saves a file where the browser saves files. */
  async save({ file, name }: Attachment): Promise<void> {
    // As bytes without a type, so that the browser never opens what somebody sent as a page of this origin.
    const blob = new Blob([await this.#rest.download(file)], { type: 'application/octet-stream' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name ?? 'file';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  clear(): void {
    for (const file of [...this.#urls.keys()]) this.#forget(file);
  }

  #forget(file: string): void {
    void this.#urls.get(file)?.then((url) => URL.revokeObjectURL(url), () => {});
    this.#urls.delete(file);
  }
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let at = -1;
  let size = bytes;
  do {
    size /= 1024;
    at++;
  } while (size >= 1024 && at < units.length - 1);
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[at]}`;
}

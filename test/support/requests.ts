/** A line of the combined format for each of the URLs, all with line ends. */
export function requests(...urls: readonly string[]): string {
  return urls.map(request).join('');
}

/** A line for each of `count` different URLs: `/` and `prefix` and a number from 0. */
export function distinctRequests(count: number, prefix = 'page-'): string {
  return requests(...Array.from({ length: count }, (_, index) => `/${prefix}${index}`));
}

function request(url: string): string {
  return `192.0.2.1 - - [22/Nov/2026:08:00:00 +0000] "GET ${url} HTTP/1.1" 200 1 "-" "-"\n`;
}

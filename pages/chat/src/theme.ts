// Light, dark, or as the system says; remembered in this browser. The colours themselves are in styles/tokens.css.

export type Theme = 'system' | 'light' | 'dark';
export const themes: Theme[] = ['system', 'light', 'dark'];

const system = window.matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const kept = localStorage.getItem('theme');
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function applyTheme() {
  const theme = currentTheme();
  const dark = theme === 'dark' || (theme === 'system' && system.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark ? '#17202c' : '#ffffff');
}

export function setTheme(theme: Theme) {
  localStorage.setItem('theme', theme);
  applyTheme();
}

system.addEventListener('change', applyTheme);

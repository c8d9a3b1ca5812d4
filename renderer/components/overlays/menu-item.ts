import type { LucideProps } from '@lucide/svelte';
import type { Component } from 'svelte';

/** An entry of a menu behind a button or at the pointer. */
export interface MenuItem {
  label: string;
  run: () => void;
  icon?: Component<LucideProps>;
  danger?: boolean;
  disabled?: boolean;
  /** A line above it. */
  apart?: boolean;
}

/** Classes of a menu, of the line above an entry, and of an entry. */
export const menuClass = 'z-60 min-w-44 rounded-lg border bg-raised p-1 shadow-float outline-none';
export const separatorClass = 'my-1 h-px bg-line';
export const itemClass = ({ danger = false }: MenuItem) => [
  'flex h-7 cursor-pointer items-center gap-2 rounded-md px-2 outline-none select-none data-disabled:opacity-45 data-highlighted:bg-hover',
  danger && 'text-danger-ink',
];

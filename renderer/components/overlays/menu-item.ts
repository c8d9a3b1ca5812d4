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

/** Builds the console into `dist`, which the server delivers under a strict content security policy. */
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed.ts';
import { world } from './world.ts';

export default defineConfig({
  plugins: [react(), tailwind(), world(), compressed()],
  build: {
    target: 'es2023',
    // The policy forbids data: for everything but images; files are small enough to be fetched.
    assetsInlineLimit: 0,
    // The polyfill would be the one inline-like script; browsers of the target know module preload.
    modulePreload: { polyfill: false },
    // Only the page that draws loads the chart library, which is larger than that.
    chunkSizeWarningLimit: 700,
  },
  server: {
    // `npm run dev` beside a server on its usual port.
    proxy: { '/v1': 'http://127.0.0.1:8080' },
  },
});

// What the bundler makes of a style sheet is nothing that a program could use.

declare module '*.css';

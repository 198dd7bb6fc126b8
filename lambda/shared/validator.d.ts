/** Validators that the bundler compiles from `src/<area>/schemas.ts`. */
declare module 'validator:*' {
  const validate: import('./validate').Validate;
  export default validate;
}

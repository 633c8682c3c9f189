/** esbuild gathers the style sheets; for the type checker they are only there. */
declare module "*.css";

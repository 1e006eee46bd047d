/** Vue files are compiled by Vite; to TypeScript they are components. */
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}

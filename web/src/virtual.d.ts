declare module 'virtual:world' {
  const world: import('./charts/world.ts').World;
  export default world;
}

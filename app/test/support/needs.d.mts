export const findPostgres: () => string | undefined
export const findRedis: () => string | undefined
export const findChromium: () => string | undefined
export const findDocker: () => string | undefined
export const onPath: (name: string) => string[]

const builtin = (name: string) => require(`node:${name}`) as object;
const { Module } = require("node:module") as { Module: { prototype: object } };

const constructors = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  RegExp,
  Date,
  Error,
  Promise,
  Map,
  Set,
  URL,
];

/**
 * What a program finds when it begins: JavaScript's own objects and Node.js' own modules. One that edits them (a patched
 * `JSON`, a property on `Object.prototype`, a clock of a test) must change neither how it is judged nor the next stack.
 */
const shared: readonly object[] = [
  ...constructors.map(({ prototype }) => prototype as object),
  ...constructors,
  ...[JSON, Math, Buffer, Buffer.prototype, console, process, process.stdout, process.stderr],
  ...[builtin("fs"), builtin("fs/promises"), builtin("child_process"), builtin("path"), builtin("os")],
  ...[Module, Module.prototype, require.extensions],
];

/** What a program adds to these stays: modules of the SDK, which are kept for the next stack, do so as well. */
const growing: readonly object[] = [globalThis, Reflect];

/** Of processes and streams: it changes with all that they do. */
const living: readonly PropertyKey[] = [
  ...["exitCode", "_exiting", "domain", "title", "_events", "_eventsCount", "_maxListeners", "connected", "channel"],
  ...["_writableState", "_readableState", "_handle", "_type", "_cache", "_pathCache"],
];

// Nothing of an array or an object can be relied on while it is set back: these are from before.
const { defineProperty, getOwnPropertyDescriptors, hasOwn, isFrozen } = Object;
const { ownKeys, deleteProperty, apply } = Reflect;
const { includes } = Array.prototype;
const isLiving = (key: PropertyKey) => apply<typeof living, [PropertyKey], boolean>(includes, living, [key]);

type Descriptors = Readonly<Record<PropertyKey, PropertyDescriptor>>;

/** Remembers them. The function that it returns sets them back, and says whether all could be. */
export function rememberGlobals(): () => boolean {
  const objects = [...shared, ...growing];
  const before = objects.map((object) => getOwnPropertyDescriptors(object) as Descriptors);
  const mayGrow = shared.length;
  return () => {
    let isWhole = true;
    for (let at = 0; at < objects.length; at++) if (!restore(objects[at]!, before[at]!, at >= mayGrow)) isWhole = false;
    return isWhole;
  };
}

function restore(object: object, before: Descriptors, mayGrow: boolean): boolean {
  if (isFrozen(object)) return false;
  let isWhole = true;
  const now = getOwnPropertyDescriptors(object) as Descriptors;
  const keys = ownKeys(now);
  for (let at = 0; !mayGrow && at < keys.length; at++) {
    const key = keys[at]!;
    if (!hasOwn(before, key) && !isLiving(key) && !deleteProperty(object, key)) isWhole = false;
  }
  const known = ownKeys(before);
  for (let at = 0; at < known.length; at++) {
    const key = known[at]!;
    if (isLiving(key) || (hasOwn(now, key) && isSame(before[key]!, now[key]!))) continue;
    try {
      defineProperty(object, key, before[key]!);
    } catch {
      isWhole = false;
    }
  }
  return isWhole;
}

function isSame(one: PropertyDescriptor, other: PropertyDescriptor): boolean {
  return one.value === other.value && one.get === other.get && one.set === other.set;
}

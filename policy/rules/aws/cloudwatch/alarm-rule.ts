import type { Resource } from "../../../resource";
import { NotKnown, Unknown, type Value } from "../../../value";

/** The rule of a composite alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
export interface AlarmRule {
  /** Names or ARNs as the rule has them; `{n}` for an output that is not known yet. */
  readonly children: readonly string[];
  /** Child alarms, TRUE, FALSE and parentheses. */
  readonly elements: number;
  /** Whether the composite alarm is in alarm when these children are, and all others are well. */
  holds(inAlarm: (child: string) => boolean): boolean;
}

type Condition = (inAlarm: (child: string) => boolean) => boolean;

const token =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^()"\s]+))\s*\)|(AND|OR|NOT|TRUE|FALSE)(?![\w{])|([()]))/y;

/** @returns undefined for what is not a rule. */
export function parseAlarmRule(text: string): AlarmRule | undefined {
  const tokens = tokensOf(text.trim());
  if (tokens === undefined) return undefined;
  let position = 0;
  const children: string[] = [];
  const next = (word: string) => tokens[position]?.word === word && (position += 1) > 0;

  const condition = either();
  if (condition === undefined || position < tokens.length) return undefined;
  const elements = tokens.filter(({ word }) => !["AND", "OR", "NOT"].includes(word)).length;
  return { children, elements, holds: condition };

  function either(): Condition | undefined {
    return joined("OR", both, (left, right) => (inAlarm) => left(inAlarm) || right(inAlarm));
  }

  function both(): Condition | undefined {
    return joined("AND", one, (left, right) => (inAlarm) => left(inAlarm) && right(inAlarm));
  }

  function joined(
    word: string,
    part: () => Condition | undefined,
    join: (left: Condition, right: Condition) => Condition,
  ): Condition | undefined {
    let left = part();
    while (left !== undefined && next(word)) {
      const right = part();
      left = right && join(left, right);
    }
    return left;
  }

  function one(): Condition | undefined {
    if (next("NOT")) {
      const inner = one();
      return inner && ((inAlarm) => !inner(inAlarm));
    }
    if (next("(")) {
      const inner = either();
      return next(")") ? inner : undefined;
    }
    if (next("TRUE")) return () => true;
    if (next("FALSE")) return () => false;
    const { child, word } = tokens![position] ?? { word: "" };
    if (child === undefined) return undefined;
    position += 1;
    children.push(child);
    if (word === "INSUFFICIENT_DATA") return () => false;
    return (inAlarm) => inAlarm(child) === (word === "ALARM");
  }
}

interface Token {
  readonly word: string;
  readonly child?: string;
}

function tokensOf(text: string): Token[] | undefined {
  const found: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    const [, state, quoted, bare, word, bracket] = match;
    found.push(state === undefined ? { word: (word ?? bracket)! } : { word: state, child: (quoted ?? bare)! });
  }
  return found;
}

/** The rule of a composite alarm with the URN or the name that each child stands for. */
export function alarmRuleOf(composite: Resource): {
  readonly rule: AlarmRule;
  isOf(child: string, alarm: Resource): boolean;
} {
  const value: Value = composite.get("alarmRule");
  const { raw } = value;
  const text = raw instanceof Unknown ? raw.template : value.string();
  const rule = text === undefined ? undefined : parseAlarmRule(text);
  if (rule === undefined) throw new NotKnown(value.path, raw instanceof Unknown ? "unknown" : "unreadable");
  return {
    rule,
    isOf: (child, alarm) => {
      const source = /^\{(\d+)\}$/.exec(child);
      if (source !== null) return value.sources[Number(source[1])]?.split("#")[0] === alarm.urn;
      return [...alarm.identities(), alarm.get("alarmName").raw].includes(child);
    },
  };
}

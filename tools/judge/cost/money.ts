/** `$312`, `$4.10`, `under $0.01`: whole dollars from ten up, where cents are noise. */
export function dollars(usd: number): string {
  const amount = Math.abs(usd);
  if (amount > 0 && amount < 0.005) return "under $0.01";
  const text =
    amount >= 9.995 || Number.isInteger(amount) ? Math.round(amount).toLocaleString("en-US") : amount.toFixed(2);
  return `$${text}`;
}

/** `+$38`, `-$4.10`, `±$0`. */
export function signedDollars(usd: number): string {
  if (Math.abs(usd) < 0.005) return "±$0";
  return `${usd > 0 ? "+" : "−"}${dollars(usd)}`;
}

/** `+12 %`, `−0.4 %`. */
export function signedPercent(percent: number): string {
  const rounded = Math.abs(percent) < 9.5 ? Number(percent.toFixed(1)) : Math.round(percent);
  return `${rounded > 0 ? "+" : "−"}${Math.abs(rounded).toLocaleString("en-US")} %`;
}

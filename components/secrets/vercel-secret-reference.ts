export const expectedVercelReference =
  "expected the id of a variable that the team shares, env_…, which has the same name";

export const isVercelReference = (reference: string): boolean => /^env_[A-Za-z0-9]+$/.test(reference);

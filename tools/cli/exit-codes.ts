/** The same for every command; what a pipeline can rely on. */
export const exitCodes = `
Exit codes
  0   done
  1   usage error: an unknown option, a wrong stack file, a file that is not there
  2   a mandatory policy failed, the target would refuse the stack, or it lacks what the stack needs (doctor)
  3   a release did not go through: the previous one serves
  4   a backup could not be restored, or is not what is live
  70  an error in Slipway itself
  141 the reader of the output left before its end, as \`| head\` does
`;

/** Requests per minute above which there is another replica, where a target can count them. */
export const requestsPerMinutePerReplica = 1000;

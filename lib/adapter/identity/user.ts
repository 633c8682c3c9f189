/** Who asks, as Kubernetes knows users. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"], extra: {} };

/**
 * With the group of everybody who said who they are. Whoever vouches for `system:anonymous`, or for one of `system:unauthenticated`, says that it does
 * not know them: they stay as they are (apiserver's AuthenticatedGroupAdder).
 */
export const authenticated = (user: User): User => {
  const everybody = "system:authenticated";
  const isSettled =
    user.name === anonymous.name ||
    [everybody, ...anonymous.groups].some((group) => user.groups.includes(group));
  return isSettled ? user : { ...user, groups: [...user.groups, everybody] };
};

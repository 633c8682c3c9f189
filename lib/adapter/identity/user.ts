/** Who asks, as Kubernetes knows users. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"], extra: {} };

/** With the group of everybody who said who they are. */
export const authenticated = (user: User): User => {
  const everybody = "system:authenticated";
  return user.groups.includes(everybody) ? user : { ...user, groups: [...user.groups, everybody] };
};

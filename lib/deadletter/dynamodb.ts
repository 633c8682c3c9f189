import type { Table } from "../table/dynamodb.ts";
import { format, known, number, numberOf } from "../table/item.ts";
import type { DeadLetterCount } from "./deadletter.ts";

/** One item that grows for the table's life. */
export const createDynamoDeadLetterCount = (table: Table): DeadLetterCount => ({
  add: async (letters) => {
    const values = { ":letters": number(letters), ":v": number(format) };
    await table.update(key, "ADD #n :letters SET #v = :v", { values });
  },
  read: async () => {
    const item = await table.get(key);
    return item === undefined ? 0 : numberOf(known(item), "n");
  },
});

const key = { pk: "reducer", sk: "deadletters" };

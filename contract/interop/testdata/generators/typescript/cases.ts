// What the four programs share: they read the file of cases, their only argument, and print what each call returned.
import { readFileSync } from "node:fs";

export interface Quota {
  type: string;
  used?: number | null;
  quota: number;
  min: number;
  max: number;
}

export interface Case {
  url: string;
  token: string;
  domain: string;
  type: string;
}

export const values = (quotas: Quota[]) =>
  quotas.map((q) => `${q.type}=${q.used ?? null}/${q.quota}/${q.min}/${q.max}`).join(" ");

export async function run(account: (c: Case) => Promise<string>, images: (c: Case) => Promise<string>) {
  for (const line of readFileSync(process.argv[2]!, "utf8").trimEnd().split("\n")) {
    const [name, url, token, domain, type] = line.split("\t") as [string, string, string, string, string];
    const call = domain ? account : images;
    const result = await call({ url, token, domain, type }).catch((e: unknown) => String(e));
    console.log(`${name}\t${result}`);
  }
}

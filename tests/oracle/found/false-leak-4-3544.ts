// false-leak: `c5.connect();` (line 8 of the code below)
// Found by the execution oracle, seed 4, program 3544.
// No execution bears the report out; the exploration was exhaustive.
import { Client } from 'pg';
export const main = async () => {
  await using guard3 = {
    async [Symbol.asyncDispose]() {
    },
  };
  const c5 = new Client();
  await c5.connect();
  async function cleanup6() {
    await c5.end();
  }
};

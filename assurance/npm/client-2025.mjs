// The official client of revision 2025-11-25, unmodified, on a server that the last arguments start. Prints one JSON line a step.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [tool, argumentsText, command, ...args] = process.argv.slice(2);
const say = (step, value) => console.log(JSON.stringify({ step, value }));
const client = new Client({ name: 'client-2025', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
say('tools', (await client.listTools()).tools.map((t) => t.name));
const answer = await client.callTool({ name: tool, arguments: JSON.parse(argumentsText) });
say('call', { error: answer.isError ?? false, text: answer.content.map((c) => c.text ?? '').join('') });
await client.close();

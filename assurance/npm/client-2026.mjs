// The official client at one revision, unmodified, on a server that the arguments after the revision start. Prints one JSON line a step.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [revision, tool, argumentsText, command, ...args] = process.argv.slice(2);
const say = (step, value) => console.log(JSON.stringify({ step, value }));
const negotiation = revision === '2026-07-28' ? { versionNegotiation: { mode: { pin: revision } } } : {};
const client = new Client({ name: 'client-2026', version: '1.0.0' }, negotiation);
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
say('revision', client.getNegotiatedProtocolVersion?.() ?? null);
say('tools', (await client.listTools()).tools.map((t) => t.name));
try {
  const answer = await client.callTool({ name: tool, arguments: JSON.parse(argumentsText) });
  say('call', { error: answer.isError ?? false, text: answer.content.map((c) => c.text ?? '').join('') });
} catch (error) {
  say('call', { error: true, text: String(error.message) });
}
await client.close();

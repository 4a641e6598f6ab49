// An MCP server of the official SDK that speaks revision 2026-07-28 (and 2025-11-25) over stdio. Appends what it runs to the file of its first argument.
import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const counter = process.argv[2];
serveStdio(() => {
  const server = new McpServer({ name: 'server-2026', version: '1.0.0' });
  server.registerTool('echo', { description: 'Says it again', inputSchema: z.object({ word: z.string() }) }, async ({ word }) => {
    appendFileSync(counter, `echo ${word}\n`);
    return { content: [{ type: 'text', text: word }] };
  });
  server.registerResource('note', 'note://one', { description: 'A note' }, async (uri) => {
    appendFileSync(counter, `read ${uri}\n`);
    return { contents: [{ uri: uri.href, text: 'noted' }] };
  });
  return server;
});

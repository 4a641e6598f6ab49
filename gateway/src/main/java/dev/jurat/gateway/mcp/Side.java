package dev.jurat.gateway.mcp;

/** Who sent a message. */
enum Side {
    CLIENT,
    SERVER
}

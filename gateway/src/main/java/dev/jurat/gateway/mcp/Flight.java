package dev.jurat.gateway.mcp;

/**
 * A request on its way, remembered until its answer comes.
 *
 * @param side who sent the request
 * @param stateless whether the request named its revision itself
 */
record Flight(Side side, MessageId id, Treatment treatment, Message request, boolean stateless) {}

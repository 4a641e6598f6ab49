package dev.jurat.gateway.mcp;

/**
 * A request on its way, remembered until its answer comes.
 *
 * @param side who sent the request
 * @param stateless whether the request named its revision itself
 * @param sent whether it went out; a governed one is remembered before
 */
record Flight(Side side, MessageId id, Treatment treatment, Message request, boolean stateless, boolean sent) {
    Flight asSent() {
        return new Flight(side, id, treatment, request, stateless, true);
    }
}

package dev.jurat.gateway.mcp;

/**
 * A JSON-RPC id, compared by what it says: the string {@code "1"} and the number {@code 1} are two ids.
 *
 * @param key {@code s:} and the text of a string, or {@code n:} and the digits of an integer
 * @param lexeme the id as it stood in the bytes
 */
record MessageId(String key, String lexeme) {
    @Override
    public boolean equals(Object other) {
        return other instanceof MessageId id && id.key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}

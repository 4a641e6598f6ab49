package dev.jurat.gateway.mcp;

/** What the table says about a message. */
enum Treatment {
    /** Goes out only after its use was admitted, and leaves an outcome. */
    GOVERNED,
    /** Goes through; its answer is recorded by digest. */
    OBSERVED,
    /** Goes through and leaves no record. */
    FREE,
    /** Does not go through, and leaves a record. */
    REFUSED
}

package dev.jurat.gateway.mcp;

import java.util.List;
import java.util.Optional;

/** What becomes of one message. */
sealed interface Verdict {
    /** Goes out only with an admitted use. */
    record Governed(Message message, Revision revision) implements Verdict {}

    /** Goes through; what answers it is recorded by digest. */
    record Observed(Message message) implements Verdict {}

    /** Goes through. */
    record Free(Message message) implements Verdict {}

    /** An answer to a request that is in flight in the other direction. */
    record Answer(Message message, Flight flight) implements Verdict {}

    /**
     * Does not go through.
     *
     * @param code a stable code of {@code docs/spec/mcp.md}
     * @param detail a sentence for people; says nothing that the bytes do not say
     * @param id the id to answer, if the message asked for an answer and its id could be read
     * @param flights the requests whose answers this would have been; more than one only for a batch
     */
    record Refused(String code, String detail, Optional<MessageId> id, Optional<Message> message, List<Flight> flights)
            implements Verdict {
        Refused(String code, String detail, Optional<MessageId> id, Optional<Message> message) {
            this(code, detail, id, message, List.of());
        }
    }
}

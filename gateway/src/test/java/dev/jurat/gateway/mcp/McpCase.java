package dev.jurat.gateway.mcp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One judgement of one message after a conversation: a file of {@code vectors/mcp/v1}.
 *
 * @param expect a verdict, and for a refusal a space and its code
 */
record McpCase(String name, String why, List<Line> given, Line judged, String expect) {
    /** One line as one side wrote it, without its line end. */
    record Line(Side side, byte[] bytes) {
        static Line client(String text) {
            return new Line(Side.CLIENT, text.getBytes(StandardCharsets.UTF_8));
        }

        static Line server(String text) {
            return new Line(Side.SERVER, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}

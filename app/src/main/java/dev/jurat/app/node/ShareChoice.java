package dev.jurat.app.node;

import java.nio.file.Path;

/** Whether a start of a node has a shared door, and in which folder; the data folder keeps it for the next one. */
public sealed interface ShareChoice {
    /** As at the start before; a folder that has kept none has no such door. */
    record Kept() implements ShareChoice {}

    /** In this folder, from now on. */
    record In(Path folder) implements ShareChoice {}

    /** None, from now on. */
    record No() implements ShareChoice {}
}

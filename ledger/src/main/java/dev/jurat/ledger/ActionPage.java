package dev.jurat.ledger;

import java.util.List;
import java.util.OptionalLong;

/**
 * Some of what a query finds.
 *
 * @param next the cursor of the page after this one; empty if this was the last
 * @param coveredSize the tree size up to which the index had read when it answered
 */
public record ActionPage(List<Action> actions, OptionalLong next, long coveredSize) {}

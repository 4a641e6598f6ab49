package dev.jurat.app.node;

import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.record.LedgerFacts.Registered;

/** A person whom genesis names, with the key that signs it; whoever made this closes the key. */
public record Administrator(Registered registered, SigningKey key) {}

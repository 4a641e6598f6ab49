package dev.jurat.app.node;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.LedgerFacts;

/** The log's name, as its genesis has it. */
record Origin(String text) {
    Origin(Ledger ledger) throws LedgerException {
        this(read(ledger));
    }

    private static String read(Ledger ledger) throws LedgerException {
        var genesis = ledger.record(new LeafIndex(0)).orElseThrow();
        if (genesis.record().statement().facts() instanceof LedgerFacts.Genesis facts) {
            return facts.origin();
        }
        throw new IllegalStateException("leaf 0 is no genesis");
    }
}

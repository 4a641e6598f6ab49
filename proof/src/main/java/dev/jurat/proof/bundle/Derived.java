package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import java.util.SortedSet;
import java.util.TreeSet;

/** What of a bundle follows from the rest of it: manifest, summary, and which artefacts may be in it. */
public final class Derived {
    private Derived() {}

    /** The bundle with the manifest and the summary that its other files give it. */
    public static Bundle complete(Bundle bundle, Records records) throws FormatException {
        return new Bundle(
                bundle.scope(),
                bundle.checkpoint(),
                bundle.leaves(),
                bundle.proofs(),
                bundle.bodies(),
                bundle.artefacts(),
                manifest(bundle),
                CanonicalJson.write(summary(bundle, records)));
    }

    public static byte[] manifest(Bundle bundle) throws FormatException {
        return new Manifest(
                        bundle.scope(),
                        bundle.stated(),
                        bundle.leaves().size(),
                        bundle.bodies().size(),
                        bundle.artefacts().size())
                .bytes();
    }

    /** What {@code summary.json} holds; {@code scope-missing} where the scope names what is not there. */
    public static Json.Obj summary(Bundle bundle, Records records) throws FormatException {
        return Summary.of(bundle, records);
    }

    /** The digests of artefacts that the statements name; others do not belong into the bundle. */
    public static SortedSet<Hash> artefactsNamed(Records records) {
        SortedSet<Hash> named = new TreeSet<>(artefactsRequired(records));
        for (Leaf leaf : records.all()) {
            switch (leaf.record().statement().facts()) {
                case LedgerFacts.Genesis genesis -> named.addAll(genesis.artefacts());
                case RegistryFacts.Session session -> {
                    session.model().ifPresent(named::add);
                    session.prompt().ifPresent(named::add);
                    session.tools().ifPresent(named::add);
                }
                case ExecutionFacts.Observation observation -> named.add(observation.matter());
                case AuthorityFacts.Context context -> {
                    context.definition().ifPresent(named::add);
                    context.profile().ifPresent(named::add);
                }
                default -> {
                    // No other kind names an artefact.
                }
            }
        }
        return named;
    }

    /** The artefacts without which decisions could not be replayed: the policies and profiles that were published, and what genesis cites of its predecessor. */
    public static SortedSet<Hash> artefactsRequired(Records records) {
        SortedSet<Hash> required = new TreeSet<>();
        for (Leaf leaf : records.all()) {
            switch (leaf.record().statement().facts()) {
                case LedgerFacts.Genesis genesis -> genesis.predecessor().ifPresent(required::add);
                case RegistryFacts.Policy policy -> required.add(policy.artefact());
                case RegistryFacts.Profile profile -> required.add(profile.artefact());
                default -> {
                    // No other kind publishes one.
                }
            }
        }
        return required;
    }
}

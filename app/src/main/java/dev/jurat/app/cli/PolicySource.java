package dev.jurat.app.cli;

import dev.jurat.governance.policy.DeclaredArguments;
import dev.jurat.governance.policy.Floors;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the policy that somebody means: a shipped one by name, an artefact in a {@code .json} file, or the text of one in a {@code .cedar} file. */
final class PolicySource {
    private static final String SIZE = "policy-size";

    private PolicySource() {}

    /** The policy that was published under a name: the one that decides, or else the last that still may, or else the last withdrawn one. */
    static Optional<PolicyArtefact> published(JuratClient node, String named) throws NodeException, FormatException {
        Comparator<Json> rank = Comparator.comparing(
                        (Json p) -> View.at(p, "decides").equals(Json.of(true)))
                .thenComparing(p -> !isWithdrawn(p));
        Optional<Json> found = View.list(node.get("/v1/policies"), "policies").stream()
                .filter(p -> View.text(p, "name").equals(named))
                .reduce((one, later) -> rank.compare(one, later) > 0 ? one : later);
        return found.isPresent()
                ? Optional.of(artefact(node, Hash.fromHex(View.text(found.get(), "artefact")), named))
                : Optional.empty();
    }

    /** A policy by its digest: one that comes with Jurat from here, so that a node that has lost it can be given it again. */
    static PolicyArtefact artefact(JuratClient node, Hash digest, String named) throws NodeException, FormatException {
        Optional<PolicyArtefact> shipped = ShippedPolicies.all().stream()
                .filter(p -> p.digest().equals(digest))
                .findFirst();
        if (shipped.isPresent()) {
            return shipped.get();
        }
        try {
            return PolicyArtefact.read(node.artefact(digest));
        } catch (NodeException e) {
            if (e.status() != 404) {
                throw e;
            }
            throw Failure.no(
                    "artefact-damaged",
                    "the artefact of " + named + " is not on this node, or is damaged",
                    "if it was published, publish its file again under the same name: jurat policy publish FILE --name NAME");
        }
    }

    /** Whether this policy was published, and withdrawn since. */
    static boolean isWithdrawn(JuratClient node, PolicyArtefact policy) throws NodeException {
        return View.list(node.get("/v1/policies"), "policies").stream()
                .anyMatch(p -> View.text(p, "artefact").equals(policy.digest().hex()) && isWithdrawn(p));
    }

    private static boolean isWithdrawn(Json policy) {
        return View.text(policy, "use").equals("withdrawn");
    }

    /** The same where no node is asked. */
    static PolicyArtefact alone(String named) throws IOException, FormatException {
        boolean shipped = ShippedPolicies.all().stream().anyMatch(p -> p.name().equals(named));
        if (!shipped && !Files.exists(Path.of(named))) {
            throw Failure.input(
                    "no-such-policy",
                    named + " is no file, and does not come with Jurat; no node is asked here",
                    "write its text to a file: jurat policy show " + Next.quoted(named));
        }
        return read(named, Optional.of("tested@v1"), List.of());
    }

    /** Whether nothing decides here but the shipped policy that lets everything out, or nothing at all. */
    static boolean onlyObserved(JuratClient node) throws NodeException {
        String observing = ShippedPolicies.observe().digest().hex();
        return View.list(node.get("/v1/policies"), "policies").stream()
                .filter(p -> View.at(p, "decides").equals(Json.of(true)))
                .allMatch(p -> View.text(p, "artefact").equals(observing));
    }

    static PolicyArtefact read(String named, Optional<String> name, List<Long> floors)
            throws IOException, FormatException {
        Optional<PolicyArtefact> shipped = ShippedPolicies.all().stream()
                .filter(p -> p.name().equals(named))
                .findFirst();
        if (shipped.isPresent()) {
            return shipped.get();
        }
        Path file = Path.of(named);
        if (!Files.exists(file)) {
            throw Failure.input(
                    "no-such-policy",
                    named + " was not published on this node, is no file, and is none of "
                            + ShippedPolicies.all().stream()
                                    .map(PolicyArtefact::name)
                                    .toList(),
                    "jurat policy list");
        }
        if (named.endsWith(".json")) {
            // People write files with spaces and in their own order; what is published has one form.
            return PolicyArtefact.read(CanonicalJson.write(CanonicalJson.readLoose(bytes(file))));
        }
        String called = name.orElseThrow(
                () -> Failure.input("policy-name", "a Cedar file needs a name", Next.SAME + " --name NAME@v1"));
        String text = Input.text(file, PolicyArtefact.BYTES_MAX, SIZE);
        PolicyArtefact draft =
                new PolicyArtefact(called, "cedar", new DeclaredArguments(Map.of()), text, floors(floors));
        return PolicyArtefact.read(draft.bytes());
    }

    private static byte[] bytes(Path file) throws IOException {
        return Input.bytes(file, PolicyArtefact.BYTES_MAX, SIZE);
    }

    /** Whether the artefact means the same as the JSON file it was read from, in other bytes. */
    static boolean isRewritten(String named, PolicyArtefact artefact) throws IOException {
        return named.endsWith(".json")
                && Files.isRegularFile(Path.of(named))
                && !Arrays.equals(bytes(Path.of(named)), artefact.bytes());
    }

    /** The floors that were typed; {@code floors} where they are not four numbers of people. */
    static Floors floors(List<Long> counts) {
        if (counts.isEmpty()) {
            return Floors.NONE;
        }
        if (counts.size() != 4) {
            throw Failure.input(
                    "floors",
                    "floors are four numbers: read, write, destroy, unknown",
                    "name four, such as --floors 0,0,1,1");
        }
        counts.forEach(count -> Input.between("--floors", count, 0, PolicyInput.APPROVALS_MAX));
        return new Floors(
                counts.get(0).intValue(),
                counts.get(1).intValue(),
                counts.get(2).intValue(),
                counts.get(3).intValue());
    }

    /** As they are typed. */
    static String words(Floors floors) {
        return floors.read() + "," + floors.write() + "," + floors.destroy() + "," + floors.unknown();
    }
}

package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.sdk.JuratClient;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Commands about the names by which others know an agent or a person. */
final class AgentNames {
    private AgentNames() {}

    private abstract static class OfName extends AgentSaying {
        @Option(
                names = "--spiffe",
                paramLabel = "ID",
                description = "The SPIFFE id of a workload: spiffe://DOMAIN/PATH")
        Optional<String> spiffe = Optional.empty();

        @Option(
                names = "--oidc",
                paramLabel = "ISSUER",
                description = "The issuer URL of an OpenID provider; with --subject.")
        Optional<String> issuer = Optional.empty();

        @Option(names = "--subject", paramLabel = "SUB", description = "What that provider calls them: sub.")
        Optional<String> subject = Optional.empty();

        @Option(
                names = "--os-user",
                paramLabel = "USER",
                description = "A user of the node's machine: who comes in at the node's shared door as them.")
        Optional<String> osUser = Optional.empty();

        abstract boolean binds();

        private OutsideName meant() throws FormatException {
            long names = Stream.of(spiffe, issuer, osUser)
                    .filter(Optional::isPresent)
                    .count();
            if (names != 1 || issuer.isPresent() != subject.isPresent()) {
                throw Failure.input(
                        "name-missing",
                        "one name is wanted: --spiffe ID, --oidc ISSUER with --subject SUB, or --os-user USER",
                        "jurat agent bind --help");
            }
            if (osUser.isPresent()) {
                return OutsideName.osUser(osUser.get());
            }
            return spiffe.isPresent()
                    ? OutsideName.spiffe(spiffe.get())
                    : OutsideName.oidc(issuer.orElseThrow(), subject.orElseThrow());
        }

        @Override
        final Said said(JuratClient node, Json principal) throws FormatException {
            OutsideName meant = meant();
            return new Said(
                    new PrincipalFacts.Binding(View.text(principal, "principal"), binds(), meant.digest()),
                    new PrincipalDetails.Binding(meant),
                    (binds() ? "is bound to " : "is bound no more to ") + Screen.clean(meant.text()));
        }
    }

    @Command(
            name = "bind",
            description =
                    "Binds a SPIFFE id, an OpenID provider's subject or a user of the machine to an agent or a person. Nobody else has it then.")
    static final class Bind extends OfName {
        @Override
        boolean binds() {
            return true;
        }
    }

    @Command(name = "unbind", description = "Takes such a name back, so that another can have it.")
    static final class Unbind extends OfName {
        @Override
        boolean binds() {
            return false;
        }
    }
}

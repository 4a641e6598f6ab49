package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, as its jar says. */
final class Version implements IVersionProvider {
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    static Json toJson() {
        return JsonBuilder.object()
                .put("java", Runtime.version().toString())
                .put("jurat", text())
                .build();
    }

    @Override
    public String[] getVersion() {
        return new String[] {"jurat " + text() + ", Java " + Runtime.version()};
    }
}

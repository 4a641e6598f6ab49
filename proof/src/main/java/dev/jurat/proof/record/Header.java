package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/**
 * The frozen part of every statement: who signed, where in which stream, what it follows, and the newest clock that its signer knew
 * ({@code docs/spec/record.md} §2).
 *
 * @param sequence number in the stream, from 0
 * @param previous the record before it in the stream; the genesis id for number 0
 * @param seen the newest clock leaf that the signer knew; the genesis id before any
 */
public record Header(
        Kind kind,
        Stream stream,
        SignerType signer,
        long sequence,
        RecordId previous,
        RecordId seen,
        References references,
        Suite suite) {

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("kind", kind.wire())
                .put("previous", previous.hex())
                .put("principal", stream.principal())
                .put("references", references.toJson(kind))
                .put("seen", seen.hex())
                .put("sequence", sequence)
                .put("session", stream.session())
                .put("signer", signer.wire())
                .put("suite", suite.text())
                .build();
    }

    static Header read(Fields fields) throws FormatException {
        Kind kind = Kind.parse(fields.string("kind"));
        Header header = new Header(
                kind,
                new Stream(Wire.principal(fields.string("principal")), Wire.session(fields.string("session"))),
                SignerType.parse(fields.string("signer")),
                fields.integer("sequence", 0, Json.INTEGER_MAX),
                RecordId.parse(fields.string("previous")),
                RecordId.parse(fields.string("seen")),
                References.read(fields.object("references"), kind),
                Suite.parse(fields.string("suite")));
        fields.end();
        return header;
    }
}

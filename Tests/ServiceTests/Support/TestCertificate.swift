import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate for 127.0.0.1 that signs itself, with its key, in two files.
struct TestCertificate {
    let name: String
    let certificate: String
    let key: String

    /// Writes both into a directory, over what was there.
    init(_ name: String, in directory: String) throws {
        let privateKey = P256.Signing.PrivateKey()
        let issuer = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(privateKey.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -3600), notValidAfter: Date(timeIntervalSinceNow: 3600), issuer: issuer,
            subject: issuer,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))])
            },
            issuerPrivateKey: Certificate.PrivateKey(privateKey))
        self.name = name
        self.certificate = directory + "/certificate.pem"
        key = directory + "/key.pem"
        try certificate.serializeAsPEM().pemString.write(toFile: self.certificate, atomically: true, encoding: .utf8)
        try privateKey.pemRepresentation.write(toFile: key, atomically: true, encoding: .utf8)
    }
}

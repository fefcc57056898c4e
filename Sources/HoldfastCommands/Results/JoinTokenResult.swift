package import HoldfastModel

package struct JoinTokenResult: Codable, Hashable, Sendable {
    package var token: Secret
    package var expires: Timestamp

    package init(token: Secret, expires: Timestamp) {
        self.token = token
        self.expires = expires
    }
}

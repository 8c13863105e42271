import Foundation
import Session
import Testing

@Suite("Settings and recipes of sessions from before there was a precision")
struct PrecisionStateTests {
    @Test("open as float32, and are written as they were")
    func old() throws {
        let settings = try decoded(SessionState.Settings.self, #"{"memory":512,"threads":2}"#)
        #expect(settings.threads == 2 && settings.memory == 512 && settings.precision == nil)
        let recipe = try decoded(
            ScoreRecipe.self, #"{"batch":8,"criterion":"entropy","layers":[0,1],"signed":false,"temperature":15}"#)
        #expect(recipe.precision == nil)
    }

    private func decoded<Content: Codable>(_ type: Content.Type, _ text: String) throws -> Content {
        let content = try JSONDecoder().decode(type, from: Data(text.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(content), as: UTF8.self) == text)
        return content
    }
}

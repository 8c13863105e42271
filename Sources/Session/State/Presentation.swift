/// How answers are shown. Nothing here changes what is computed, so it is part of no cache key and no record of a run.
package struct Presentation: Sendable, Hashable {
    package enum Colour: String, Codable, Sendable, Hashable, CaseIterable {
        /// Where a terminal is and NO_COLOR is not set.
        case auto
        case always, never
    }

    /// What figures are drawn with.
    package enum Graphics: String, Codable, Sendable, Hashable, CaseIterable {
        /// What the terminal says it can show.
        case auto
        case kitty, sixel, text
    }

    package var color = Colour.auto
    /// Whether the window's title says how far long work is.
    package var title = true
    /// Whether the end of long work is rung.
    package var bell = true
    package var graphics = Graphics.auto

    package init() {}

    /// - Parameters: settings, the ones that count first.
    init(_ settings: SessionState.Settings...) {
        color = settings.lazy.compactMap(\.color).first ?? color
        title = settings.lazy.compactMap(\.title).first ?? title
        bell = settings.lazy.compactMap(\.bell).first ?? bell
        graphics = settings.lazy.compactMap(\.graphics).first ?? graphics
    }
}

extension SessionState.Settings {
    /// These alone.
    package var presentation: SessionState.Settings {
        var settings = SessionState.Settings()
        settings.color = color
        settings.title = title
        settings.bell = bell
        settings.graphics = graphics
        return settings
    }
}

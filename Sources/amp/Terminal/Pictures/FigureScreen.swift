import Foundation
import Report
import Synchronization

/// Shows figures as pictures at a terminal that has them.
///
/// Nothing is asked or loaded before the first figure.
final class FigureScreen: Sendable {
    private let screen: Screen
    private let choice: Graphics
    private let environment: @Sendable (String) -> String?
    private let known = Mutex<PictureProtocol??>(nil)

    init(
        _ screen: Screen, choice: Graphics? = nil,
        environment: @escaping @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    ) {
        self.screen = screen
        self.choice = choice ?? Graphics(environment: environment)
        self.environment = environment
    }

    /// The sequences that show a figure, ended by a newline; nil where it has to be drawn in characters.
    func picture(of figure: Figure, indent: Int) -> String? {
        guard let how = pictureProtocol, let rasterizer = Rasterizer.shared else { return nil }
        let cell = screen.cell
        let room = max(screen.width - indent - 1, 10)
        let columns = min(room, figure.columns > 2 ? 110 : 84)
        // As large as type is at the terminal: a letter of the picture is about as wide as a cell.
        let layout = min(max(Double(columns) * 8.4, 320), 960)
        let svg = SVGRenderer(width: layout, theme: .paper).picture(of: figure)
        let width = columns * cell.width
        let height = Int((Double(width) * svg.height / svg.width).rounded())
        guard let raster = rasterizer.draw(svg.text, width: width, height: height) else { return nil }
        let margin = String(repeating: " ", count: indent)
        switch how {
        case .kitty: return margin + KittyPicture.sequences(png: raster.png, columns: columns) + "\n"
        case .sixel:
            return margin
                + SixelPicture.sequence(width: raster.width, height: raster.height, pixels: raster.pixels) + "\n"
        }
    }

    private var pictureProtocol: PictureProtocol? {
        known.withLock { known in
            if let known { return known }
            let found = find()
            known = .some(found)
            return found
        }
    }

    private func find() -> PictureProtocol? {
        guard screen.isTerminal else { return nil }
        switch choice {
        case .text: return nil
        case .kitty: return .kitty
        case .sixel: return .sixel
        case .auto:
            // Without what draws the dots there is no use in asking.
            guard Rasterizer.shared != nil else { return nil }
            switch PictureProtocol.hint(environment: environment) {
            case .kitty: return .kitty
            case .none: return nil
            case .unknown:
                return TerminalQuestion.askForSixel(input: STDIN_FILENO, output: screen) == true ? .sixel : nil
            }
        }
    }
}

import Foundation

/// Draws SVG as dots with librsvg and cairo, where the system has them; amp needs neither.
package struct Rasterizer: Sendable {
    /// Found when it is first asked for.
    package static let shared = Rasterizer()

    package struct Raster: Sendable {
        package let width: Int
        package let height: Int
        /// Red, green and blue of each dot, row after row.
        package let pixels: [UInt8]
        package let png: [UInt8]
    }

    private struct Rectangle {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    private final class Bytes { var bytes: [UInt8] = [] }

    private typealias Pointer = UnsafeMutableRawPointer
    private typealias NewHandle =
        @convention(c) @Sendable (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<Pointer?>?) -> Pointer?
    private typealias Render =
        @convention(c) @Sendable (Pointer, Pointer, UnsafeRawPointer, UnsafeMutablePointer<Pointer?>?) -> CInt
    private typealias Release = @convention(c) @Sendable (Pointer) -> Void
    private typealias NewSurface = @convention(c) @Sendable (CInt, CInt, CInt) -> Pointer?
    private typealias NewContext = @convention(c) @Sendable (Pointer) -> Pointer?
    private typealias Number = @convention(c) @Sendable (Pointer) -> CInt
    private typealias Content = @convention(c) @Sendable (Pointer) -> UnsafePointer<UInt8>?
    private typealias Writer = @convention(c) (Pointer?, UnsafePointer<UInt8>?, CUnsignedInt) -> CInt
    private typealias WritePNG = @convention(c) @Sendable (Pointer, Writer, Pointer?) -> CInt

    private let newHandle: NewHandle
    private let render: Render
    private let release: Release
    private let newSurface: NewSurface
    private let newContext: NewContext
    private let releaseSurface: Release
    private let releaseContext: Release
    private let status: Number
    private let flush: Release
    private let stride: Number
    private let content: Content
    private let writePNG: WritePNG

    /// - Returns: nil where a library or one of its functions is missing.
    private init?() {
        guard let svg = dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL),
            let cairo = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL),
            let newHandle = dlsym(svg, "rsvg_handle_new_from_data"),
            let render = dlsym(svg, "rsvg_handle_render_document"),
            // Of GObject, with which librsvg is loaded.
            let release = dlsym(svg, "g_object_unref"),
            let newSurface = dlsym(cairo, "cairo_image_surface_create"), let newContext = dlsym(cairo, "cairo_create"),
            let releaseSurface = dlsym(cairo, "cairo_surface_destroy"),
            let releaseContext = dlsym(cairo, "cairo_destroy"), let status = dlsym(cairo, "cairo_surface_status"),
            let flush = dlsym(cairo, "cairo_surface_flush"),
            let stride = dlsym(cairo, "cairo_image_surface_get_stride"),
            let content = dlsym(cairo, "cairo_image_surface_get_data"),
            let writePNG = dlsym(cairo, "cairo_surface_write_to_png_stream")
        else { return nil }
        self.newHandle = unsafeBitCast(newHandle, to: NewHandle.self)
        self.render = unsafeBitCast(render, to: Render.self)
        self.release = unsafeBitCast(release, to: Release.self)
        self.newSurface = unsafeBitCast(newSurface, to: NewSurface.self)
        self.newContext = unsafeBitCast(newContext, to: NewContext.self)
        self.releaseSurface = unsafeBitCast(releaseSurface, to: Release.self)
        self.releaseContext = unsafeBitCast(releaseContext, to: Release.self)
        self.status = unsafeBitCast(status, to: Number.self)
        self.flush = unsafeBitCast(flush, to: Release.self)
        self.stride = unsafeBitCast(stride, to: Number.self)
        self.content = unsafeBitCast(content, to: Content.self)
        self.writePNG = unsafeBitCast(writePNG, to: WritePNG.self)
    }

    /// - Parameters:
    ///   - width: of the result, in dots.
    ///   - height: of the result, in dots.
    /// - Returns: nil for a text that is no SVG, or a picture that can't be held.
    package func draw(_ svg: String, width: Int, height: Int) -> Raster? {
        guard (1...16_384).contains(width), (1...16_384).contains(height) else { return nil }
        let text = Array(svg.utf8)
        // CAIRO_FORMAT_ARGB32
        guard let handle = newHandle(text, text.count, nil) else { return nil }
        defer { release(handle) }
        guard let surface = newSurface(0, CInt(width), CInt(height)) else { return nil }
        defer { releaseSurface(surface) }
        guard status(surface) == 0, let context = newContext(surface) else { return nil }
        defer { releaseContext(context) }
        var place = Rectangle(x: 0, y: 0, width: Double(width), height: Double(height))
        guard render(handle, context, &place, nil) != 0 else { return nil }
        flush(surface)
        guard status(surface) == 0, let dots = content(surface) else { return nil }

        let step = Int(stride(surface))
        var pixels = [UInt8](repeating: 0, count: 3 * width * height)
        for row in 0..<height {
            for column in 0..<width {
                // Native 32-bit numbers 0xAARRGGBB, multiplied by the opacity; below them it is white.
                let source = dots + row * step + 4 * column
                let number = UnsafeRawPointer(source).loadUnaligned(as: UInt32.self)
                let target = 3 * (row * width + column)
                let free = 255 - (number >> 24)
                for (part, shift) in [(0, 16), (1, 8), (2, 0)] as [(Int, UInt32)] {
                    pixels[target + part] = UInt8(min((number >> shift & 0xFF) + free, 255))
                }
            }
        }
        return png(of: surface).map { Raster(width: width, height: height, pixels: pixels, png: $0) }
    }

    private func png(of surface: Pointer) -> [UInt8]? {
        let file = Bytes()
        let outcome = writePNG(
            surface,
            { target, bytes, count in
                guard let target, let bytes else { return 1 }
                Unmanaged<Bytes>.fromOpaque(target).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                return 0
            }, Unmanaged.passUnretained(file).toOpaque())
        return outcome == 0 && !file.bytes.isEmpty ? file.bytes : nil
    }
}

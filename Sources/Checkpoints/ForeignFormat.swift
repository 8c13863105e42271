import Foundation

/// A format that is recognised but not read.
package enum ForeignFormat: Sendable, Hashable, CaseIterable {
    /// What torch.save wrote before version 1.6, or is told to write still: several pickles one after another.
    case torchBeforeZip
    /// What torch.save wrote in its first year.
    case torchTar
    /// A model with its code, as torch.jit.save writes it.
    case torchScript
    /// Numbers with the most significant byte first.
    case torchBigEndian
    case pickle
    case zip
    case gguf
    case hdf5
    case numpy

    /// What the first bytes of a file say it is; nil where they say nothing.
    init?(start bytes: UnsafeRawBufferPointer) {
        func begins(_ magic: [UInt8], at place: Int = 0) -> Bool {
            bytes.count >= place + magic.count && bytes[place..<(place + magic.count)].elementsEqual(magic)
        }
        if begins(Array("GGUF".utf8)) {
            self = .gguf
        } else if begins([0x89] + Array("HDF\r\n\u{1A}\n".utf8)) {
            self = .hdf5
        } else if begins([0x93] + Array("NUMPY".utf8)) {
            self = .numpy
        } else if begins(Array("ustar".utf8), at: 257) {
            self = .torchTar
        } else if bytes.count > 1, bytes[0] == 0x80, (1...5).contains(bytes[1]) {
            // A first pickle that holds nothing but a number that PyTorch chose as its mark.
            self = begins([0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9], at: 2) ? .torchBeforeZip : .pickle
        } else {
            return nil
        }
    }
}

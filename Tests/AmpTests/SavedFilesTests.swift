import Foundation
import Testing

@Suite("The files that save writes")
struct SavedFilesTests {
    @Test("all files of configurations and tokenizers that the source has are there, byte for byte")
    func configuration() throws {
        let folder = try Folder.staged()
        let names = ["open_clip_config.json", "preprocessor_config.json", "vocab.json", "merges.txt"]
        for name in names { try folder.write(#"{"some": "thing"}"#, to: "tiny/" + name) }
        let run = try folder.amp("-c", #"load "tiny"; save "copy""#)
        #expect(run.exitCode == 0, "\(run.errors)")
        for name in names + ["config.json"] {
            #expect(folder.exists("copy/" + name))
            #expect(try folder.bytes("copy/" + name) == folder.bytes("tiny/" + name))
        }
    }

    @Test("another library gets its own configuration files, and amp.json the new names")
    func converted() throws {
        let folder = try Folder.staged()
        let run = try folder.amp("-c", #"load "tiny"; save "theirs" as huggingface"#)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder["theirs"]).sorted()
                == ["amp.json", "config.json", "model.safetensors", "preprocessor_config.json"])
        let config = try folder.text("theirs/config.json")
        #expect(config.contains(#""ViTForImageClassification""#))
        // The library's own tests of types take no whole number for a fraction nor the other way round.
        #expect(config.contains(#""intermediate_size" : 24"#))
        let record = try folder.text("theirs/amp.json")
        #expect(record.contains(#""family" : "hf_vit""#))
        #expect(record.contains(#""family" : "timm_vit""#))
        #expect(record.contains(#""input" : "vit.encoder.layer.2.intermediate.dense.weight""#))
        #expect(try folder.text("theirs/preprocessor_config.json").contains(#""resample" : 3"#))
    }
}

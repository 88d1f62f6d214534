using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace ModelBuild.Onnx;

/// <summary>Detects the format of bytes that are not an ONNX document.</summary>
internal static class ForeignFiles
{
    private const int HeadLength = 4096;

    /// <summary>Returns the format of a file other than ONNX, read from a seekable stream; null when it is unknown.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="origin">The offset at which the content starts.</param>
    public static ForeignFormat? Find(Stream stream, long origin)
    {
        stream.Position = origin;
        var bytes = new byte[HeadLength];
        ReadOnlySpan<byte> head = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        foreach (var (offset, magic, format) in ForeignFormats.Magics)
            if (head.Length > offset && head[offset..].StartsWith(magic))
                return format;
        if (head.StartsWith("PK\u0003\u0004"u8))
            return ZipArchives.Find(stream, origin);
        return IsSafetensors(head, stream.Length - origin) ? ForeignFormats.Safetensors : OfText(head) ?? ProtobufDocuments.Find(stream, origin);
    }

    /// <summary>Returns the format of a folder that stores a model in another format than ONNX; null when it is unknown.</summary>
    public static ForeignFormat? FindFolder(string path)
    {
        if (File.Exists(Path.Combine(path, "saved_model.pb")))
            return ForeignFormats.SavedModelFolder;
        if (File.Exists(Path.Combine(path, "Manifest.json")) && Directory.Exists(Path.Combine(path, "Data")))
            return ForeignFormats.CoreML;
        if (File.Exists(Path.Combine(path, "config.json")) && new[] { "*.safetensors", "*.bin" }.Any(pattern => Directory.EnumerateFiles(path, pattern).Any()))
            return new ForeignFormat("the folder of a Hugging Face model", "export it with: optimum-cli export onnx --model {file} OUTPUT_FOLDER");
        return Directory.EnumerateFiles(path, "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault() is { } model
            ? new ForeignFormat("a folder", $"name a file in it, such as '{{file}}/{model}'")
            : null;
    }

    // Returns whether a file is a safetensors file. It starts with the length of a JSON header in bytes, which the header follows.
    private static bool IsSafetensors(ReadOnlySpan<byte> head, long length) =>
        head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) is > 0 and var header && header <= (ulong)length - 8;

    private static ForeignFormat? OfText(ReadOnlySpan<byte> head)
    {
        var trimmed = head.TrimStart(" \t\r\n\uFEFF"u8);
        // Bytes that start with a colon are not a text, because the serialized form of an ONNX graph field can start with a colon, and a text file does not.
        if (trimmed.IsEmpty || trimmed[0] == ':')
            return null;
        var text = Encoding.Latin1.GetString(trimmed);
        bool Has(string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
        if (text[0] == '<')
            return Has("<net ") ? ForeignFormats.OpenVino
                : Has("ir_version") ? ForeignFormats.OnnxSyntax
                : Has("<?xml") && !Has("<html") ? ForeignFormats.Xml
                : ForeignFormats.WebPage;
        var control = trimmed.IndexOfAnyExceptInRange((byte)' ', (byte)0xFF);
        if (control >= 0 && trimmed[control] is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            return null;
        return text[0] is '{' or '['
            ? Has("\"modelTopology\"")
                ? ForeignFormats.TensorFlowJs
                : ForeignFormats.Json
            : text.StartsWith("ir_version:", StringComparison.Ordinal)
                ? ForeignFormats.OnnxText
                : IsPlain(trimmed)
                    ? ForeignFormats.Text
                    : null;
    }

    private static bool IsPlain(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
            if (letter is < (byte)' ' and not ((byte)'\t' or (byte)'\r' or (byte)'\n') or 0x7F)
                return false;
        // The last character may be cut off, because only the first bytes of the file were read. Therefore up to three bytes at the end are ignored.
        for (var cut = 0; cut < Math.Min(bytes.Length, 4); cut++)
            if (Utf8.IsValid(bytes[..^cut]))
                return true;
        return false;
    }
}

namespace ModelBuild.Audio;

/// <summary>Recognizes sound files that are not WAV files by their first bytes, for messages.</summary>
internal static class FileKind
{
    /// <summary>Returns the name of the file's format; null if the format is not recognized.</summary>
    /// <param name="bytes">The first twelve bytes of a file, or all bytes of a shorter file.</param>
    public static string? Name(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("ID3"u8) || (bytes.Length > 1 && bytes[0] == 0xFF && (bytes[1] & 0xE0) == 0xE0) ? "MP3 or AAC"
        : bytes.StartsWith("fLaC"u8) ? "FLAC"
        : bytes.StartsWith("OggS"u8) ? "Ogg"
        : bytes.StartsWith("FORM"u8) ? "AIFF"
        : bytes.StartsWith("caff"u8) ? "CAF"
        : bytes.StartsWith("RIFX"u8) ? "WAV with big-endian numbers"
        : bytes.Length >= 8 && bytes[4..8].SequenceEqual("ftyp"u8) ? "MP4"
        : bytes.StartsWith("RIFF"u8) ? "RIFF without sound"
        : null;
}

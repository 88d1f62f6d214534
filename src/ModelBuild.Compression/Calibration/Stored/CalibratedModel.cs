using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The model that a calibration file was made for.</summary>
/// <param name="File">Its file name.</param>
/// <param name="Sha256">SHA-256 of the file, and of its external data after it, in lower-case hexadecimal.</param>
internal sealed record CalibratedModel(string File, string Sha256)
{
    /// <summary>The model in <paramref name="files"/>, external data last.</summary>
    public static CalibratedModel Of(IReadOnlyList<string> files) => new(Path.GetFileName(files[0]), ContentHash.Of(files));
}

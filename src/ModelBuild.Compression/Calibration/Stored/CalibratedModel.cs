using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The model that a calibration file was made for.</summary>
/// <param name="File">The file name of the model.</param>
/// <param name="Sha256">The SHA-256 of the file followed by its external data, in lower-case hexadecimal.</param>
internal sealed record CalibratedModel(string File, string Sha256)
{
    /// <summary>Returns the entry for the model in <paramref name="files"/>. The external data follow the model file.</summary>
    public static CalibratedModel Of(IReadOnlyList<string> files) => new(Path.GetFileName(files[0]), ContentHash.Of(files));
}

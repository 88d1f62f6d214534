using System.IO.Compression;

namespace ModelBuild.Onnx;

/// <summary>Detects the format of a zip archive by the names in it.</summary>
internal static class ZipArchives
{
    /// <summary>Returns the format of a stream that starts like a zip archive.</summary>
    public static ForeignFormat Find(Stream stream, long origin)
    {
        try
        {
            stream.Position = origin;
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Of([.. archive.Entries.Select(entry => entry.FullName)]);
        }
        catch (InvalidDataException)
        {
            return new ForeignFormat("a zip archive that ends before its content does", "copy or download it again");
        }
    }

    private static ForeignFormat Of(string[] names)
    {
        bool Ends(string name) => names.Any(entry => entry == name || entry.EndsWith("/" + name, StringComparison.Ordinal));
        if (Ends("data.pkl"))
            return Ends("constants.pkl") || names.Any(entry => entry.Contains("/code/", StringComparison.Ordinal))
                ? ForeignFormats.TorchScript
                : ForeignFormats.PyTorch;
        if (Ends("archive_format") || Ends("serialized_exported_program.json"))
            return ForeignFormats.TorchExport;
        if (Ends("model.weights.h5"))
            return ForeignFormats.Keras;
        if (names.Any(entry => entry.Contains("com.apple.CoreML/", StringComparison.Ordinal)))
            return ForeignFormats.CoreML;
        if (names.Length > 0 && names.All(entry => entry.EndsWith(".npy", StringComparison.Ordinal)))
            return ForeignFormats.NumpyArchive;
        return names.FirstOrDefault(entry => entry.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) is { } model
            ? ForeignFormats.Zip with
            {
                Remedy = $"{ForeignFormats.Zip.Remedy}; it holds '{model}'",
            }
            : ForeignFormats.Zip;
    }
}

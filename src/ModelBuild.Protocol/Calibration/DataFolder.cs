using System.Globalization;

namespace ModelBuild.Protocol;

/// <summary>Finds the calibration data in a folder and describes folders without any.</summary>
internal static class DataFolder
{
    private const string Document = "docs/calibration-data.md has a C# program that does it";

    private static readonly (string What, string Extensions)[] _kinds =
    [
        ("images", ".jpg .jpeg .png .bmp .webp .gif .tif .tiff .heic"),
        ("sounds", ".mp3 .flac .ogg .m4a .aac"),
        ("videos", ".mp4 .mov .avi .mkv .webm"),
        ("texts and tables", ".json .tsv .xml .parquet .arrow"),
        ("raw bytes", ".bin .raw .dat .bytes"),
        ("another framework's arrays", ".pt .pth .pkl .tfrecord .h5 .mat .safetensors"),
    ];

    /// <summary>
    /// Returns the data in a folder and its subfolders: <c>.npz</c>, <c>.npy</c>, and <c>input_*.pb</c> of ONNX test data. If the folder has no arrays, the
    /// pictures are returned, and if it has neither arrays nor pictures, the sounds. Texts are named one by one, because a folder may also contain texts that
    /// are not data.
    /// </summary>
    public static IEnumerable<string> Files(string folder)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        if (files.Where(IsData).ToList() is { Count: > 0 } arrays)
            return arrays;
        return new[] { DataKind.Pictures, DataKind.Sounds }
                .Select(kind => files.Where(file => DataKinds.Of(file) == kind).ToList())
                .FirstOrDefault(found => found.Count > 0)
            ?? [];
    }

    /// <summary>Returns a text about the content of a folder without calibration data, and about the files that it must contain instead.</summary>
    public static string Needed(string folder)
    {
        var groups = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetExtension(file).ToLowerInvariant())
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        if (groups.Count == 0)
            return "the folder is empty; it must contain .npz, .npy or test_data_set_*/input_*.pb files";
        var held = string.Join(
            ", ",
            groups
                .Take(3)
                .Select(group =>
                    group.Count().ToString(CultureInfo.InvariantCulture) + " " + (group.Key.Length == 0 ? "files without an extension" : group.Key)
                )
        );
        return $"the folder contains no .npz, .npy or input_*.pb file, no picture and no .wav ({held}). {Remedy(groups[0].Key)}";
    }

    /// <summary>Returns the remedy for files of an extension that cannot be read as calibration data.</summary>
    public static string Remedy(string extension)
    {
        if (DataKinds.Of("file" + extension) is DataKind.Texts or DataKind.Tables)
            return $"Name the {extension.ToLowerInvariant()} files themselves instead of their folder; docs/calibration-data.md describes them";
        var kind = _kinds.FirstOrDefault(known => known.Extensions.Split(' ').Contains(extension.ToLowerInvariant())).What ?? "Other files";
        return $"{char.ToUpperInvariant(kind[0])}{kind.Substring(1)} must be prepared as the application prepares them, and stored as arrays "
            + $"with the names of the model's inputs in an .npz; {Document}";
    }

    private static bool IsData(string file) =>
        Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".npz" or ".npy" => true,
            ".pb" => Path.GetFileName(file).StartsWith("input_", StringComparison.Ordinal),
            _ => false,
        };
}

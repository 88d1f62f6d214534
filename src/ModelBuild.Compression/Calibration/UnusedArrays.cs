using System.Globalization;
using System.IO.Compression;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>Finds arrays of calibration data that nothing reads: most are inputs or labels under another name.</summary>
public static class UnusedArrays
{
    private static readonly DataType[] _integers =
        [DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Uint8, DataType.Uint16, DataType.Uint32];

    /// <summary>One warning about all files; null where every array is used.</summary>
    /// <param name="files">Files that could be read as calibration data.</param>
    /// <param name="signature">The model's.</param>
    public static Warning? Find(IReadOnlyList<string> files, ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(signature);
        var unused = new SortedDictionary<string, (NpyHeader Header, string File)>(StringComparer.Ordinal);
        var rows = new HashSet<long>();
        foreach (var file in files.Where(IsArchive))
            foreach (var (name, header) in Headers(file))
                if (IsInput(signature, name, header))
                    rows.UnionWith(header.Shape.Take(1));
                else
                    unused.TryAdd(name, (header, Path.GetFileName(file)));
        // One array for one input needs no name.
        if (signature.Inputs.Count == 1 && rows.Count == 0 && unused.Count == 1)
            return null;
        return unused.Count == 0 ? null : new Warning(
            Codes.DataNotUsed,
            $"The calibration data has {(unused.Count == 1 ? "an array" : "arrays")} that the model does not take and that had no effect: "
            + $"{string.Join(", ", unused.Select(array => Describe(array.Key, array.Value.Header, array.Value.File)))}. {Cure(unused, rows, signature)}");
    }

    /// <summary>Whether any of the files has labels that can be read.</summary>
    internal static bool HasLabels(IReadOnlyList<string> files, ModelSignature signature) =>
        signature.Inputs.All(input => input.Name != ArraySamples.LabelKey)
        && files.Where(IsArchive).Any(file => Headers(file).Any(array => array.Name == ArraySamples.LabelKey && array.Header.Type != DataType.String));

    private static bool IsArchive(string file) => Path.GetExtension(file).Equals(".npz", StringComparison.OrdinalIgnoreCase);

    private static bool IsInput(ModelSignature signature, string name, NpyHeader header) =>
        signature.Inputs.Any(input => input.Name == name) || (name == ArraySamples.LabelKey && header.Type != DataType.String);

    private static List<(string Name, NpyHeader Header)> Headers(string file)
    {
        var headers = new List<(string, NpyHeader)>();
        using var archive = ZipFile.OpenRead(file);
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
            using (var stream = entry.Open())
                headers.Add((entry.FullName[..^4], NpyHeader.Read(stream)));
        return headers;
    }

    private static string Describe(string name, NpyHeader header, string file) =>
        $"'{name}' {SignatureReader.TypeName(header.Type)}"
        + $"[{string.Join(", ", header.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}] in {file}";

    private static string Cure(SortedDictionary<string, (NpyHeader Header, string File)> unused, HashSet<long> rows, ModelSignature signature)
    {
        if (unused.ContainsKey(ArraySamples.LabelKey))
            return $"Labels are whole numbers, not texts: store the number of each row's class in '{ArraySamples.LabelKey}'.";
        var labels = unused.FirstOrDefault(array => _integers.Contains(array.Value.Header.Type) && array.Value.Header.Shape.Take(1).Any(rows.Contains)).Key;
        return (labels is null ? "" : $"If '{labels}' holds the true class of each row, name it '{ArraySamples.LabelKey}', so that accuracy is measured. ")
            + $"The model takes {string.Join(", ", signature.Inputs.Select(input => $"'{input.Name}'"))}.";
    }
}

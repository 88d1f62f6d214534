using System.Globalization;
using System.IO.Compression;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>Finds arrays and rows of calibration data that are not read. Most such arrays are inputs or labels with a wrong name.</summary>
internal static class UnusedArrays
{
    private static readonly DataType[] _integers =
    [
        DataType.Int8,
        DataType.Int16,
        DataType.Int32,
        DataType.Int64,
        DataType.Uint8,
        DataType.Uint16,
        DataType.Uint32,
    ];

    private sealed record Found(string Name, NpyHeader Header, string File)
    {
        public bool IsLabel => Name == ArraySamples.LabelKey;

        public override string ToString() =>
            $"'{Name}' {SignatureReader.TypeName(Header.Type)}"
            + $"[{string.Join(", ", Header.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}] in {File}";
    }

    /// <summary>Returns a warning about all unused arrays, and one about rows that do not fill a batch of fixed size.</summary>
    /// <param name="files">Calibration files that are readable.</param>
    /// <param name="signature">The signature of the model.</param>
    public static IReadOnlyList<Warning> Find(IReadOnlyList<string> files, ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(signature);
        var (inputs, unused) = (new List<Found>(), new List<Found>());
        foreach (var arrays in files.Where(IsArchive).Select(Arrays))
        {
            // If the model has a single input and the file has a single array besides labels, the array may have any name.
            var isNameless = signature.Inputs.Count == 1 && arrays.Count(array => !array.IsLabel) == 1;
            var isInput = arrays.ToLookup(array => signature.Inputs.Any(input => input.Name == array.Name) || (isNameless && !array.IsLabel));
            inputs.AddRange(isInput[true]);
            unused.AddRange(isInput[false].Where(array => !array.IsLabel || array.Header.Type == DataType.String));
        }

        return [.. OfArrays([.. unused.DistinctBy(array => array.Name)], inputs, signature), .. OfRows(inputs, signature)];
    }

    /// <summary>Returns whether any calibration file has labels that can be read.</summary>
    internal static bool HasLabels(IReadOnlyList<string> files, ModelSignature signature) =>
        signature.Inputs.All(input => input.Name != ArraySamples.LabelKey)
        && files.Where(IsArchive).SelectMany(Arrays).Any(array => array.IsLabel && array.Header.Type != DataType.String);

    private static bool IsArchive(string file) => Path.GetExtension(file).Equals(".npz", StringComparison.OrdinalIgnoreCase);

    private static List<Found> Arrays(string file)
    {
        var arrays = new List<Found>();
        using var archive = ZipFile.OpenRead(file);
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
            using (var stream = entry.Open())
                arrays.Add(new Found(entry.FullName[..^4], NpyHeader.Read(stream), Path.GetFileName(file)));
        return arrays;
    }

    private static IEnumerable<Warning> OfArrays(Found[] unused, List<Found> inputs, ModelSignature signature)
    {
        if (unused.Length == 0)
            yield break;
        var rows = inputs.SelectMany(input => input.Header.Shape.Take(1)).ToHashSet();
        var labels = unused.FirstOrDefault(array => _integers.Contains(array.Header.Type) && array.Header.Shape.Take(1).Any(rows.Contains));
        var remedy =
            unused.Any(array => array.IsLabel) ? $"Labels are integers, not texts: store the index of each row's class in '{ArraySamples.LabelKey}'. "
            : labels is null ? ""
            : $"If '{labels.Name}' holds the true class of each row, name it '{ArraySamples.LabelKey}', so that accuracy is measured. ";
        yield return new Warning(
            Codes.DataNotUsed,
            $"The calibration data has {(unused.Length == 1 ? "an array" : "arrays")} that the model does not use: "
                + $"{string.Join(", ", unused.AsEnumerable())}. {remedy}The inputs of the model are "
                + $"{string.Join(", ", signature.Inputs.Select(input => $"'{input.Name}'"))}."
        );
    }

    private static IEnumerable<Warning> OfRows(List<Found> inputs, ModelSignature signature)
    {
        foreach (var (input, array) in signature.Inputs.Join(inputs, input => input.Name, array => array.Name, (input, array) => (input, array.Header)))
        {
            var rows = array.Shape.FirstOrDefault();
            if (input.Shape is not [{ Size: > 1 and { } batch }, ..] || array.Shape.Length != input.Shape.Count || rows % batch == 0)
                continue;
            yield return new Warning(
                Codes.DataNotUsed,
                string.Create(CultureInfo.InvariantCulture, $"The last {rows % batch} of {rows} rows of '{input.Name}' in the calibration data had no effect, ")
                    + string.Create(CultureInfo.InvariantCulture, $"because the model computes {batch} rows in one call.")
            );
            yield break;
        }
    }
}

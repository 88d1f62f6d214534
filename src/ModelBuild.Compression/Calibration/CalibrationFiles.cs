using System.IO.Compression;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Reads real inputs from files: <c>.npz</c> (arrays named as the model's inputs, and <c>label</c>), <c>.npy</c> (for a model with one input), and ONNX test
/// data (<c>test_data_set_*/input_*.pb</c>, one folder for each call).
/// </summary>
/// <param name="files">The files.</param>
/// <param name="signature">The signature of the model.</param>
/// <param name="purpose">The purpose of the data in messages.</param>
internal sealed class CalibrationFiles(IReadOnlyList<string> files, ModelSignature signature, string purpose = "calibration") : ISampleSource
{
    public InputKind Kind => InputKind.Calibration;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken)
    {
        foreach (var group in files.GroupBy(Source, StringComparer.Ordinal))
        {
            var firstRow = 0L;
            using var samples = Open(group.Key, [.. group]).GetEnumerator();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    if (!samples.MoveNext())
                        break;
                }
                catch (Exception exception) when (DataFaults.IsFault(exception))
                {
                    throw new CompressionException(
                        Codes.CalibrationData,
                        $"The {purpose} data cannot be used: {exception.Message.TrimEnd('.')}.",
                        group.First(),
                        exception
                    );
                }

                yield return samples.Current with
                {
                    File = group.First(),
                    FirstRow = firstRow,
                };
                firstRow += samples.Current.Rows;
            }
        }
    }

    /// <summary>
    /// Returns the source of a data file: for a file of ONNX test data its folder, whose files are one call, and for any other file its own path.
    /// </summary>
    public static string Source(string file) => Path.GetExtension(file).Equals(".pb", StringComparison.OrdinalIgnoreCase) ? Path.GetDirectoryName(file)! : file;

    // Reads the samples of a group of files. The method is an iterator, so that the files are opened, and errors occur, when the caller reads the first sample.
    private IEnumerable<Sample> Open(string key, string[] group)
    {
        var samples = Path.GetExtension(group[0]).ToLowerInvariant() switch
        {
            ".npz" => ReadNpz(key),
            ".npy" => ReadNpy(key),
            ".pb" => [ReadTestData(group)],
            var extension => throw new InvalidDataException(
                $"files that end in '{extension}' are not read; .npz, .npy and .pb are. {DataFolder.Remedy(extension)}"
            ),
        };
        foreach (var sample in samples)
            yield return sample;
    }

    private IEnumerable<Sample> ReadNpz(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, NpyReader>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
                arrays[entry.FullName[..^4]] = new NpyReader(entry.Open(), entry.Length);
            ArrayNames.Resolve(arrays, signature);
            foreach (var sample in new ArraySamples(signature.Inputs, arrays).Read())
                yield return sample;
        }
        finally
        {
            foreach (var array in arrays.Values)
                array.Dispose();
        }
    }

    private IEnumerable<Sample> ReadNpy(string path)
    {
        if (signature.Inputs.Count != 1)
            throw new InvalidDataException(
                $"a .npy file holds one array, and the model has {signature.Inputs.Count} inputs: use an .npz with an array for each"
            );
        var file = File.OpenRead(path);
        using var array = new NpyReader(file, file.Length);
        var arrays = new Dictionary<string, NpyReader>(StringComparer.Ordinal) { [signature.Inputs[0].Name] = array };
        foreach (var sample in new ArraySamples(signature.Inputs, arrays).Read())
            yield return sample;
    }

    private Sample ReadTestData(string[] group)
    {
        var inputs = new Dictionary<string, SampleArray>(StringComparer.Ordinal);
        foreach (var file in group.Where(file => Path.GetFileName(file).StartsWith("input_", StringComparison.Ordinal)))
        {
            var tensor = TensorFile.Load(file);
            var index = int.TryParse(Path.GetFileNameWithoutExtension(file)["input_".Length..], out var number) ? number : -1;
            var input =
                signature.Inputs.FirstOrDefault(input => input.Name == tensor.Name)
                ?? signature.Inputs.ElementAtOrDefault(index)
                ?? throw new InvalidDataException($"'{Path.GetFileName(file)}' belongs to no input of the model");
            var type = (DataType)tensor.DataType;
            if (!DynamicDimensions.Fits(input, tensor.Dims))
                throw new InvalidDataException(
                    $"its tensor '{input.Name}' has the shape [{string.Join(',', tensor.Dims)}], and the model takes [{string.Join(',', input.Shape ?? [])}]"
                );
            var array =
                type == DataType.String
                    ? new SampleArray(type, [.. tensor.Dims], [], [.. tensor.StringData.Select(text => text.ToStringUtf8())])
                    : new SampleArray(type, [.. tensor.Dims], tensor.RawData.ToByteArray());
            inputs[input.Name] = ElementConversion.Convert(array, input);
        }

        foreach (var input in signature.Inputs)
            if (!inputs.ContainsKey(input.Name) && !input.Optional)
                throw new InvalidDataException($"the folder has no tensor for the input '{input.Name}'");
        return new Sample(inputs, Labels: null);
    }
}

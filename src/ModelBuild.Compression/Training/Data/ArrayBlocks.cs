using System.IO.Compression;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Buffers;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Data;

/// <summary>
/// Reads the rows of <c>.npy</c> and <c>.npz</c> files. Rows that exceed the memory stay in the file if it stores them uncompressed; the others are
/// decompressed once into a temporary file.
/// </summary>
/// <param name="signature">The signature of the model.</param>
/// <param name="store">The place of the rows.</param>
internal sealed class ArrayBlocks(ModelSignature signature, RowStore store)
{
    // The number of bytes that are read at a time when rows are copied.
    private const long ChunkBytes = 1 << 20;

    private sealed record StoredArray(NpyReader Reader, long? Offset);

    /// <summary>Reads the rows of an <c>.npz</c> file.</summary>
    /// <exception cref="InvalidDataException">The arrays do not fit the inputs of the model.</exception>
    public RowBlock ReadNpz(string path)
    {
        using var file = File.OpenRead(path);
        using var archive = new ZipArchive(file);
        var arrays = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
            {
                var reader = new NpyReader(entry.Open(), entry.Length);
                arrays[entry.FullName[..^4]] = new StoredArray(reader, StoredEntry.Offset(file, entry, reader.Header));
            }

            ArrayNames.Resolve(arrays, signature);
            return Read(path, arrays);
        }
        finally
        {
            foreach (var array in arrays.Values)
                array.Reader.Dispose();
        }
    }

    /// <summary>Reads the rows of an <c>.npy</c> file.</summary>
    /// <exception cref="InvalidDataException">The array does not fit the input of the model, or the model has more than one input.</exception>
    public RowBlock ReadNpy(string path)
    {
        if (signature.Inputs is not [var input])
            throw new InvalidDataException(
                $"a .npy file holds one array, and the model has {signature.Inputs.Count} inputs: use an .npz with an array for each"
            );
        var file = File.OpenRead(path);
        using var reader = new NpyReader(file, file.Length);
        return Read(path, new Dictionary<string, StoredArray>(StringComparer.Ordinal) { [input.Name] = new(reader, reader.Header.Length) });
    }

    private RowBlock Read(string path, Dictionary<string, StoredArray> arrays)
    {
        var headers = arrays.ToDictionary(array => array.Key, array => array.Value.Reader.Header, StringComparer.Ordinal);
        var plans = new ArrayPlans(signature.Inputs, headers);
        var size = plans.FixedRows ?? 1;
        var count = checked((int)(plans.Rows / size));
        return new RowBlock
        {
            File = path,
            Count = count,
            LabelsPerRow = size,
            IsJoinable = plans.FixedRows is null,
            Inputs = [.. plans.All.Select(plan => Read(path, plan, arrays[plan.Input.Name], size, count))],
            Labels = plans.Labels is null ? null : Labels(arrays[ArraySamples.LabelKey].Reader, size * count),
        };
    }

    private RowInput Read(string path, ArrayPlan plan, StoredArray array, int size, int count)
    {
        if (plan.Header.Type == DataType.String)
            throw new InvalidDataException($"its array '{plan.Input.Name}' holds texts, and training needs numbers");
        var shape = plan.CallShape(size);
        var type = ConvertedRows.TypeFor(plan.Header.Type, plan.Input);
        var tensor = new InputTensor(plan.Input.Name, new InferredTensor(type, shape));
        if (plan.Layout == ArrayLayout.Repeated)
        {
            var value = ElementConversion.Convert(array.Reader.Read(shape), plan.Input).Data;
            return new RowInput(tensor, new MemoryRows(value), value);
        }

        var elements = checked(SampleArray.Count(shape) * count);
        var bytes = checked(elements * SampleArray.ElementSize(type));
        if (array.Offset is not { } offset || store.IsSmall(bytes))
            return new RowInput(tensor, store.Copy(Chunks(array.Reader, plan, size, count), bytes));
        array.Reader.Require(elements);
        var rows = store.InFile(path, offset);
        return new RowInput(tensor, type == plan.Header.Type ? rows : new ConvertedRows(rows, plan.Header.Type, plan.Input));
    }

    private static IEnumerable<byte[]> Chunks(NpyReader reader, ArrayPlan plan, int size, int count)
    {
        var rest = plan.Header.Shape[1..];
        var rowBytes = Math.Max(1, SampleArray.Count(rest) * size * reader.Header.ElementSize);
        var most = (int)Math.Clamp(ChunkBytes / rowBytes, 1, int.MaxValue);
        for (var first = 0L; first < count; first += most)
            yield return ElementConversion.Convert(reader.Read([Math.Min(most, count - first) * size, .. rest]), plan.Input).Data;
    }

    private static long[] Labels(NpyReader reader, int count)
    {
        var shape = reader.Header.Shape;
        if (SampleArray.Count(shape.AsSpan(1)) != 1)
            throw new InvalidDataException(
                $"its array '{ArraySamples.LabelKey}' has the shape [{string.Join(',', shape)}], and training takes one class for each row"
            );
        return ElementConversion.ToInt64(reader.Read([count]));
    }
}
